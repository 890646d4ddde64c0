"""Overlapping patches whose windows sum to 1: tiles of a large photo, patches of the efficient filter flow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Patch:
    """Rows and columns of a picture, the weights of those h rows and w columns, and the cell's centre (x, y)."""

    rows: slice
    columns: slice
    down: np.ndarray
    across: np.ndarray
    centre: tuple[float, float]

    @property
    def window(self) -> np.ndarray:
        """Return the weight of each pixel, h x w float32."""
        return np.outer(self.down, self.across).astype(np.float32)

    def within(self, corner: tuple[int, int], shape: tuple[int, int]) -> Patch | None:
        """Return the part of this patch in a height x width tile at (top, left), in px of the tile; None if empty.

        `centre` stays in px of the picture.
        """
        rows, down = _cropped(self.rows, self.down, corner[0], shape[0])
        columns, across = _cropped(self.columns, self.across, corner[1], shape[1])
        return Patch(rows, columns, down, across, self.centre) if down.any() and across.any() else None


def patches(shape: tuple[int, int], counts: tuple[int, int], overlap: int, rim: int = 0) -> Iterator[Patch]:
    """Cut height x width px into counts[0] x counts[1] equal cells; neighbouring patches share `overlap` px.

    The windows are raised cosines and sum to 1 everywhere. rim: px without weight at a patch's edge next to another
    patch, where a result is unreliable.
    """
    across = list(_spans(shape[1], counts[1], overlap, rim))
    for rows, down, y in _spans(shape[0], counts[0], overlap, rim):
        for columns, side, x in across:
            yield Patch(rows, columns, down, side, (x, y))


def squares(shape: tuple[int, int], side: int, counts: tuple[int, int]) -> Iterator[tuple[slice, slice]]:
    """Return rows and columns of counts[0] x counts[1] squares of `side` px, evenly from edge to edge.

    In a picture narrower than a square, they are as narrow as the picture.
    """
    tops, lefts = (
        [round(start) for start in np.linspace(0, max(length - side, 0), count)]
        for length, count in zip(shape, counts, strict=True)
    )
    for top in tops:
        for left in lefts:
            yield slice(top, min(top + side, shape[0])), slice(left, min(left + side, shape[1]))


def _cropped(part: slice, weights: np.ndarray, start: int, length: int) -> tuple[slice, np.ndarray]:
    """Crop a range and its weights to `length` px from `start`, and count from there."""
    first = min(max(part.start, start), start + length)
    last = max(min(part.stop, start + length), first)
    return slice(first - start, last - start), weights[first - part.start : last - part.start]


def _spans(length: int, count: int, overlap: int, rim: int) -> Iterator[tuple[slice, np.ndarray, float]]:
    joints = np.rint(np.linspace(0, length, count + 1)).astype(int)
    half, width = overlap // 2, max(overlap - 2 * rim, 1)
    for index in range(count):
        start = max(int(joints[index]) - half, 0) if index else 0
        stop = min(int(joints[index + 1]) + half, length) if index < count - 1 else length
        places = np.arange(start, stop) + 0.5
        rise = ramp((places - joints[index]) / width) if index else np.ones(stop - start)
        fall = ramp((places - joints[index + 1]) / width) if index < count - 1 else np.zeros(stop - start)
        yield slice(start, stop), rise - fall, (joints[index] + joints[index + 1] - 1) / 2


def ramp(place: np.ndarray) -> np.ndarray:
    """Rise from 0 to 1 over -0.5 .. 0.5, as a raised cosine; with its mirror image it sums to 1."""
    return 0.5 + 0.5 * np.sin(np.pi * np.clip(place, -0.5, 0.5))
