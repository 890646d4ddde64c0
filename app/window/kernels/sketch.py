"""A kernel drawing: a square grid of values. Knows no widget."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.kernels.kernel import Kernel

SMALLEST, LARGEST = 5, 299
_STEP = 0.25
"""Distance between two points of a stroke, in cells."""

Point = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Sketch:
    """ink: side x side float32 in [0, 1], side odd. Points are (x, y) in cells from the top left corner."""

    ink: np.ndarray

    @classmethod
    def blank(cls, side: int) -> Sketch:
        """Return an empty grid."""
        return cls(np.zeros((side, side), np.float32))

    @classmethod
    def of(cls, kernel: Kernel, side: int | None = None) -> Sketch:
        """Return a kernel on a grid that holds it, or on one of the given side; crop what does not fit."""
        wanted = side or min(LARGEST, max(SMALLEST, *kernel.values.shape))
        return cls(_centred(kernel.values / kernel.values.max(), wanted))

    @property
    def side(self) -> int:
        """Cells along each side."""
        return int(self.ink.shape[0])

    @property
    def empty(self) -> bool:
        """Whether nothing is drawn."""
        return not self.ink.any()

    def kernel(self) -> Kernel:
        """Return the drawing as a kernel of sum 1; raise ValueError if it is empty."""
        return Kernel(self.ink)

    def stroke(self, start: Point, end: Point, thickness: float, erase: bool = False) -> Sketch:
        """Draw a straight line with a round pen of `thickness` cells, soft over one cell; or erase it."""
        steps = int(np.hypot(end[0] - start[0], end[1] - start[1]) / _STEP) + 1
        y, x = np.mgrid[: self.side, : self.side] + 0.5
        pen = np.zeros_like(self.ink)
        for share in np.linspace(0, 1, steps + 1):
            at_x, at_y = (a + (b - a) * share for a, b in zip(start, end, strict=True))
            reach = np.clip(thickness / 2 + 0.5 - np.hypot(x - at_x, y - at_y), 0, 1)
            pen = np.maximum(pen, reach.astype(np.float32))
        return replace(self, ink=self.ink * (1 - pen) if erase else np.maximum(self.ink, pen))

    def mirrored(self) -> Sketch:
        """Return the drawing with left and right exchanged."""
        return replace(self, ink=np.ascontiguousarray(self.ink[:, ::-1]))

    def resized(self, side: int) -> Sketch:
        """Return the drawing on a larger or smaller grid with the same centre."""
        return Sketch(_centred(self.ink, side))


def _centred(values: np.ndarray, side: int) -> np.ndarray:
    """Put h x w values, both odd, into the middle of side x side zeros."""
    out = np.zeros((side, side), np.float32)
    height, width = (min(length, side) for length in values.shape)
    top, left = (values.shape[0] - height) // 2, (values.shape[1] - width) // 2
    to_top, to_left = (side - height) // 2, (side - width) // 2
    out[to_top : to_top + height, to_left : to_left + width] = values[top : top + height, left : left + width]
    return out
