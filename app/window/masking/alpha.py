"""A mask made ready for the screen: levels of alpha, each half the one before; a stroke changes them in place."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from engine.masks.mask import Mask, PixelBox

_SMALLEST = 256


class AlphaPyramid:
    """The levels of `mask`. `values`: H x W uint8, which a stroke may write to before it calls `refresh`."""

    def __init__(self, mask: Mask) -> None:
        self.mask = mask
        self.size = mask.size
        self._levels = [mask.values()]
        while max(self._levels[-1].shape) > _SMALLEST:
            height, width = self._levels[-1].shape
            self._levels.append(np.empty((-(-height // 2), -(-width // 2)), np.uint8))
        self.refresh((0, 0, *self.size))

    @property
    def values(self) -> np.ndarray:
        """The finest level."""
        return self._levels[0]

    def show(self, mask: Mask) -> None:
        """Show another mask of the same size; only what differs is made anew."""
        box = mask.changed(self.mask)
        self.mask = mask
        if box is not None:
            left, top, right, bottom = box
            self.values[top:bottom, left:right] = mask.region(box)
            self.refresh(box)

    def refresh(self, box: PixelBox) -> None:
        """Make the coarser levels anew below a box in px of the photo."""
        left, top, right, bottom = box
        for above, below in zip(self._levels, self._levels[1:], strict=False):
            left, top, right, bottom = left // 2, top // 2, -(-right // 2), -(-bottom // 2)
            below[top:bottom, left:right] = _halved(above[2 * top : 2 * bottom, 2 * left : 2 * right])

    def level_for(self, scale: float) -> tuple[np.ndarray, int]:
        """Return the coarsest level that still has a pixel for each of the screen's, and its px of the photo per px.

        scale: px of the screen per px of the photo.
        """
        best = 0
        while best + 1 < len(self._levels) and 2 ** (best + 1) * scale <= 1.0001:
            best += 1
        return self._levels[best], 2**best


def alpha_image(values: np.ndarray) -> QImage:
    """Return h x w uint8 as a picture of alpha alone."""
    height, width = values.shape
    return QImage(np.ascontiguousarray(values).tobytes(), width, height, width, QImage.Format.Format_Alpha8).copy()


def _halved(values: np.ndarray) -> np.ndarray:
    """Average 2 x 2 px; an odd last row or column counts twice."""
    import cv2

    height, width = values.shape
    if height % 2 or width % 2:
        values = np.pad(values, ((0, height % 2), (0, width % 2)), mode="edge")
    halves = values.shape[1] // 2, values.shape[0] // 2
    return np.asarray(cv2.resize(values, halves, interpolation=cv2.INTER_AREA), np.uint8)
