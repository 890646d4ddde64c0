"""Kernels with a formula: straight motion, defocus, Gaussian; with exact or random parameters."""

from __future__ import annotations

import numpy as np

from engine.kernels.families.drawing import dense, splat, trimmed


def linear_kernel(length: float, angle: float) -> np.ndarray:
    """Return the kernel of straight motion over `length` >= 1 px at `angle` degrees, counter-clockwise from right."""
    half = (_positive(length, "length", least=1) - 1) / 2
    direction = np.array([np.cos(np.radians(angle)), -np.sin(np.radians(angle))])
    return trimmed(splat(*dense(np.outer([-half, half], direction), np.ones(2))))


def defocus_kernel(radius: float, softness: float = 1.0) -> np.ndarray:
    """Return a disc of `radius` px whose edge falls from 1 to 0 over `softness` px."""
    radius, softness = _positive(radius, "radius"), _positive(softness, "softness")
    x, y = _grid(int(np.ceil(radius + softness / 2)))
    return _normalised(np.clip((radius - np.hypot(x, y)) / softness + 0.5, 0, 1))


def gaussian_kernel(sigma: float, across: float | None = None, angle: float = 0.0) -> np.ndarray:
    """Return a Gaussian of `sigma` px along `angle` degrees and `across` px at right angles, cut at 3 sigma."""
    sigma = _positive(sigma, "sigma")
    across = sigma if across is None else _positive(across, "sigma")
    x, y = _grid(int(np.ceil(3 * max(sigma, across))))
    turn = np.radians(angle)
    along, beside = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
    distance = (along / sigma) ** 2 + (beside / across) ** 2
    return _normalised(np.where(distance <= 9.5, np.exp(-distance / 2), 0))


def draw_linear(extent: int, rng: np.random.Generator) -> np.ndarray:
    """Draw a line of random angle whose larger side is `extent` px."""
    angle = rng.uniform(0, 180)
    span = max(_odd(extent) - 1, 0)
    return linear_kernel(1 + span / max(abs(np.cos(np.radians(angle))), abs(np.sin(np.radians(angle)))), angle)


def draw_defocus(extent: int, rng: np.random.Generator) -> np.ndarray:
    """Draw a disc of `extent` px with a random edge softness."""
    half = (_odd(extent) - 1) / 2
    if half < 1:
        return np.ones((1, 1), dtype=np.float32)
    softness = rng.uniform(0.5, min(2.0, half))
    return defocus_kernel(half - softness / 2, softness)


def draw_gaussian(extent: int, rng: np.random.Generator) -> np.ndarray:
    """Draw a Gaussian of `extent` px: random angle, up to twice as long as wide."""
    half = (_odd(extent) - 1) / 2
    if half < 1:
        return np.ones((1, 1), dtype=np.float32)
    return gaussian_kernel(half / 3, half / 3 * rng.uniform(0.5, 1), rng.uniform(0, 180))


def _odd(extent: int) -> int:
    return extent - 1 + extent % 2


def _positive(value: float, name: str, least: float = 0.0) -> float:
    if not np.isfinite(value) or value < least or value == 0:
        raise ValueError(f"the {name} of a kernel is a number above {least:g}, not {value}")
    return float(value)


def _grid(half: int) -> tuple[np.ndarray, np.ndarray]:
    line = np.arange(-half, half + 1, dtype=np.float64)
    return line[None, :], line[:, None]


def _normalised(values: np.ndarray) -> np.ndarray:
    return trimmed((values / values.sum()).astype(np.float32))
