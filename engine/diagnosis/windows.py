"""The windows of a photo that are looked at, all over it, and what is told of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.diagnosis.figures import SIDE, window_figures
from engine.kernels.patches import squares

FEWEST, MOST = 3, 5  # windows a side; they overlap in a small photo


@dataclass(frozen=True, eq=False)
class Windows:
    """The windows of a photo that have edges.

    boxes: n x 4, left, top, right, bottom as shares of width and height. figures: n x figures. turns: n, direction of
    the motion in degrees, were there one. looked: how many windows there are, with or without edges.
    """

    boxes: np.ndarray
    figures: np.ndarray
    turns: np.ndarray
    looked: int


def windows_of(plane: np.ndarray, check: Callable[[], None] = lambda: None) -> Windows:
    """Look at an H x W plane in [0, 1]; check is called for each window, and may raise."""
    height, width = plane.shape
    boxes, figures, turns = [], [], []
    places = window_places(height, width)
    for rows, columns in places:
        check()
        found = window_figures(np.ascontiguousarray(plane[rows, columns]))
        if found is not None:
            boxes.append((columns.start / width, rows.start / height, columns.stop / width, rows.stop / height))
            figures.append(found[0])
            turns.append(found[1])
    return Windows(
        np.array(boxes, np.float32).reshape(-1, 4),
        np.array(figures, np.float32) if figures else np.empty((0, 0), np.float32),
        np.array(turns, np.float32),
        len(places),
    )


def window_places(height: int, width: int) -> list[tuple[slice, slice]]:
    """Return rows and columns of the windows, evenly from edge to edge."""
    rows, columns = (int(np.clip(-(-length // SIDE), FEWEST, MOST)) for length in (height, width))
    return list(squares((height, width), SIDE, (rows, columns)))
