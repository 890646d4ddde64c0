"""Finds small lights in a photo: the streak that each became is the path of the camera. numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MOST = 12
_MOST_PIXELS = 4_000_000
_BLOCK = 12  # px of the picture that is searched
_AROUND = 2  # blocks on each side of one, which tell how dark its neighbourhood is
_LEAST = 0.25  # brighter than the neighbourhood by this much, in [0, 1]


@dataclass(frozen=True)
class Streak:
    """Middle of a light, in px of the photo."""

    x: float
    y: float


def light_streaks(pixels: np.ndarray) -> list[Streak]:
    """Return the lights of H x W x 3 float32 pixels that stand out most, at most MOST of them."""
    step = max(1, int((pixels.shape[0] * pixels.shape[1] / _MOST_PIXELS) ** 0.5))
    light = pixels[::step, ::step].max(axis=2)
    rows, columns = light.shape[0] // _BLOCK, light.shape[1] // _BLOCK
    if rows < 2 or columns < 2:
        return []
    blocks = light[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
    excess = blocks.max(axis=(1, 3)) - _around(blocks.mean(axis=(1, 3)))
    found: list[Streak] = []
    while len(found) < MOST and excess.max() >= _LEAST:
        row, column = np.unravel_index(int(excess.argmax()), excess.shape)
        found.append(_middle(light, int(row), int(column), step))
        reach = 2 * _AROUND
        excess[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1] = 0
    return found


def _around(means: np.ndarray) -> np.ndarray:
    """Return the mean of each block's neighbourhood."""
    side = 2 * _AROUND + 1
    padded = np.pad(means, _AROUND, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side))
    around: np.ndarray = windows.mean(axis=(2, 3))
    return around


def _middle(light: np.ndarray, row: int, column: int, step: int) -> Streak:
    """Return the centre of what is bright around a block."""
    top, left = max(0, (row - 1) * _BLOCK), max(0, (column - 1) * _BLOCK)
    part = light[top : (row + 2) * _BLOCK, left : (column + 2) * _BLOCK]
    bright = np.clip(part - (part.max() + part.mean()) / 2, 0, None)
    weight = float(bright.sum()) or 1.0
    y, x = np.mgrid[: part.shape[0], : part.shape[1]]
    middle = float((bright * x).sum()) / weight, float((bright * y).sum()) / weight
    return Streak((left + middle[0] + 0.5) * step, (top + middle[1] + 0.5) * step)


def around(pixels: np.ndarray, streak: Streak, side: int) -> np.ndarray:
    """Return side x side uint8: how light the photo is around a streak, from its darkest to its lightest."""
    half = side // 2
    y = np.clip(np.arange(side) + int(streak.y) - half, 0, pixels.shape[0] - 1)
    x = np.clip(np.arange(side) + int(streak.x) - half, 0, pixels.shape[1] - 1)
    light = pixels[np.ix_(y, x)].max(axis=2)
    low, high = float(light.min()), float(light.max())
    return np.rint((light - low) / max(high - low, 1e-6) * 255).astype(np.uint8)
