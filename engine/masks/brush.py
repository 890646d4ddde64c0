"""A brush: strokes over a mask, soft or hard, that add strength or take it away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.masks.mask import Mask, PixelBox

SMALLEST, LARGEST = 1, 2000
"""Px across."""

_STEP = 1 / 10
"""Between two dabs along a stroke, as a share of the brush's size."""


@dataclass(frozen=True)
class Brush:
    """size: px of the photo across. hardness: the share of the radius in which it is full, 0 to 1.

    flow: the share of what is missing that one dab lays on, 0 to 1. erase: take strength away.
    """

    size: float = 200.0
    hardness: float = 0.5
    flow: float = 1.0
    erase: bool = False

    def dab(self) -> np.ndarray:
        """Return what one dab lays on: odd side x side float32, the flow in the middle, 0 at the rim."""
        return _dab(self.size / 2, self.hardness, self.flow)


class Stroke:
    """A stroke over `mask`. `values`, H x W uint8, hold that mask at first and what the stroke makes of it then.

    Dabs add up to a cover from 0 to 1 over the mask before, so that a faint stroke grows without steps.
    """

    def __init__(self, mask: Mask, values: np.ndarray, brush: Brush) -> None:
        self._mask, self._values, self._brush = mask, values, brush
        self._dab = brush.dab()
        self._rest = 1 - self._dab
        self._cover: np.ndarray = np.zeros(
            values.shape, np.float32
        )  # the system gives memory only where it is written to
        self._last: tuple[float, float] | None = None
        self._box: PixelBox | None = None

    def to(self, x: float, y: float) -> PixelBox | None:
        """Go on to a point in px of the photo; return the box that changed, None for nothing in the photo."""
        boxes = [self._lay(at_x, at_y) for at_x, at_y in self._way(x, y)]
        box = _around([box for box in boxes if box is not None])
        if box is not None:
            self._compose(box)
            self._box = _around([box] if self._box is None else [self._box, box])
        return box

    def finished(self) -> Mask:
        """Return the mask with this stroke."""
        if self._box is None:
            return self._mask
        left, top, right, bottom = self._box
        return self._mask.replaced(self._box, self._values[top:bottom, left:right])

    def _way(self, x: float, y: float) -> list[tuple[float, float]]:
        """Return where dabs go on the way from the last one; the first is where the stroke begins."""
        if self._last is None:
            self._last = x, y
            return [(x, y)]
        (from_x, from_y), step = self._last, max(1.0, self._brush.size * _STEP)
        length = float(np.hypot(x - from_x, y - from_y))
        count = int(length / step)
        if count:
            share = step / length
            places = [
                (from_x + (x - from_x) * share * index, from_y + (y - from_y) * share * index)
                for index in range(1, count + 1)
            ]
            self._last = places[-1]
            return places
        return []

    def _lay(self, x: float, y: float) -> PixelBox | None:
        """Add one dab to the cover."""
        import cv2

        height, width = np.shape(self._cover)[:2]
        reach = self._dab.shape[0] // 2
        left, top = int(np.floor(x)) - reach, int(np.floor(y)) - reach
        box = max(left, 0), max(top, 0), min(left + 2 * reach + 1, width), min(top + 2 * reach + 1, height)
        if box[0] >= box[2] or box[1] >= box[3]:
            return None
        dab = np.s_[box[1] - top : box[3] - top, box[0] - left : box[2] - left]
        cover = self._cover[box[1] : box[3], box[0] : box[2]]
        cv2.multiply(cover, self._rest[dab], dst=cover)
        cv2.add(cover, self._dab[dab], dst=cover)
        return box

    def _compose(self, box: PixelBox) -> None:
        import cv2

        left, top, right, bottom = box
        before = self._mask.region(box)
        missing = (before if self._brush.erase else 255 - before).astype(np.float32)
        missing *= 1 - self._cover[top:bottom, left:right]
        left_over = cv2.convertScaleAbs(missing)  # rounds to uint8
        self._values[top:bottom, left:right] = left_over if self._brush.erase else 255 - left_over


@lru_cache(maxsize=1)
def _dab(radius: float, hardness: float, flow: float) -> np.ndarray:
    reach = int(np.ceil(radius))
    x = np.arange(-reach, reach + 1)
    y = x[:, None]
    soft = max(radius * (1 - hardness), 1.0)  # an edge of one px is as hard as pixels allow
    share = np.clip((radius + 0.5 - np.sqrt(x * x + y * y)) / soft, 0, 1)
    dab: np.ndarray = (flow * share * share * (3 - 2 * share)).astype(np.float32)
    dab.flags.writeable = False
    return dab


def _around(boxes: list[PixelBox]) -> PixelBox | None:
    """Return the box round boxes."""
    if not boxes:
        return None
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    return left, top, max(box[2] for box in boxes), max(box[3] for box in boxes)
