"""Describes a kernel in words: its extent and its direction."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.language import tr
from engine.kernels.kernel import Kernel

_VISIBLE = 0.05
_CLEARLY_LONG = 1.5
_LEAST = 3  # px: less has no direction that could be seen


@dataclass(frozen=True)
class KernelFacts:
    """extent: width and height in px of the values above 5 % of the peak.

    direction: whole degrees from the horizontal, anticlockwise, in [0, 180); None if the kernel is about as wide as
    long.
    """

    extent: tuple[int, int]
    direction: int | None

    def sentence(self) -> str:
        """Return both in words."""
        width, height = self.extent
        where = (
            tr("no main direction")
            if self.direction is None
            else tr("mainly at {degrees}°").format(degrees=self.direction)
        )
        return f"{width} × {height} px, {where}"


def kernel_facts(kernel: Kernel) -> KernelFacts:
    """Measure a kernel by its bounding box and the principal axis of its second moments."""
    values = kernel.values.astype(float)
    rows, columns = np.nonzero(values > _VISIBLE * values.max())
    extent = int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1
    y, x = np.mgrid[: values.shape[0], : values.shape[1]].astype(float)
    x -= (values * x).sum()
    y -= (values * y).sum()
    xx, yy, xy = (values * x * x).sum(), (values * y * y).sum(), (values * x * y).sum()
    spread = math.hypot(xx - yy, 2 * xy)
    long, short = (xx + yy + spread) / 2, (xx + yy - spread) / 2
    if max(extent) < _LEAST or long < 0.1 or math.sqrt(long) < _CLEARLY_LONG * math.sqrt(max(short, 1e-9)):
        return KernelFacts(extent, None)
    return KernelFacts(extent, round(math.degrees(-0.5 * math.atan2(2 * xy, xx - yy))) % 180)
