"""The ways in which a picture can be mirrored and turned without resampling. numpy only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

ViewCount = Literal[1, 2, 8]


@dataclass(frozen=True)
class View:
    """A picture mirrored left to right (or not), then turned left by so many quarter turns."""

    mirrored: bool = False
    quarters: int = 0

    def of(self, pixels: np.ndarray) -> np.ndarray:
        """Return H x W x ... pixels in this view, without a copy."""
        return np.rot90(pixels[:, ::-1] if self.mirrored else pixels, self.quarters)

    def back(self, pixels: np.ndarray) -> np.ndarray:
        """Return pixels in this view as they were before, without a copy."""
        upright = np.rot90(pixels, -self.quarters)
        return upright[:, ::-1] if self.mirrored else upright


UPRIGHT = View()


def views(count: ViewCount) -> tuple[View, ...]:
    """Return the first so many views: upright, mirrored, and both turned three times."""
    order = (UPRIGHT, View(mirrored=True), *(View(each, turn) for turn in (1, 2, 3) for each in (False, True)))
    return order[:count]
