"""Overlapping patches whose windows sum to 1: tiles of a large photo, patches of the efficient filter flow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Patch:
    """A part of a picture: its rows, its columns and the h x w float32 weight of each of its pixels."""

    rows: slice
    columns: slice
    window: np.ndarray

    @property
    def centre(self) -> tuple[float, float]:
        """Return (x, y) in px."""
        return (self.columns.start + self.columns.stop - 1) / 2, (self.rows.start + self.rows.stop - 1) / 2


def patches(shape: tuple[int, int], counts: tuple[int, int], overlap: int) -> Iterator[Patch]:
    """Cut height x width px into counts[0] x counts[1] even patches that share `overlap` px with each neighbour.

    The windows fall along a raised cosine over the inner half of what two patches share, so that the rim of a patch,
    where its result is least sure, has no weight; they sum to 1 everywhere.
    """
    across = list(_spans(shape[1], counts[1], overlap))
    for rows, down in _spans(shape[0], counts[0], overlap):
        for columns, side in across:
            yield Patch(rows, columns, np.outer(down, side).astype(np.float32))


def _spans(length: int, count: int, overlap: int) -> Iterator[tuple[slice, np.ndarray]]:
    joints = np.rint(np.linspace(0, length, count + 1)).astype(int)
    half = overlap // 2
    for index in range(count):
        start = max(int(joints[index]) - half, 0) if index else 0
        stop = min(int(joints[index + 1]) + half, length) if index < count - 1 else length
        places = np.arange(start, stop) + 0.5
        rise = _ramp(places - joints[index], half) if index else np.ones(stop - start)
        fall = _ramp(places - joints[index + 1], half) if index < count - 1 else np.zeros(stop - start)
        yield slice(start, stop), rise - fall


def _ramp(distance: np.ndarray, half: int) -> np.ndarray:
    """Rise from 0 to 1 over -half / 2 .. half / 2."""
    return 0.5 + 0.5 * np.sin(np.pi * np.clip(distance / max(half, 1), -0.5, 0.5))
