"""From the kernels of some areas to a kernel for every part of the photo: the field that undoes the blur.

Where one movement of the camera explains what is seen in the areas, it tells the blur between them, too: a turned
camera blurs every place differently. Otherwise something moved by itself, and each part takes the nearest area's.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np

from engine.areas.turning import camera_motion
from engine.faces.face import Box
from engine.kernels.estimation import similarity
from engine.kernels.kernel import Kernel
from engine.kernels.kernel_field import LEAST_CELL, KernelField
from engine.kernels.patches import patches

MOST_CELLS = 16  # along a side
PARTS = 3  # cells along the shorter side of the smallest area, so that a border between areas lies where it was drawn


def field_of(kernels: Sequence[Kernel], boxes: Sequence[Box], shape: tuple[int, int]) -> KernelField:
    """Return the field of kernels that were found in boxes of a height x width photo; at least one."""
    if len(kernels) == 1 or all(similarity(kernels[0], kernel) > 0.999 for kernel in kernels[1:]):
        return KernelField((kernels[0],), (1, 1), shape)
    motion = camera_motion(kernels, boxes, shape)
    return _nearest(kernels, boxes, shape) if motion is None else KernelField.of(motion, None, shape)


def _nearest(kernels: Sequence[Kernel], boxes: Sequence[Box], shape: tuple[int, int]) -> KernelField:
    """Return a field in which each cell has the kernel of the area that it lies in, else of the nearest."""
    side = max(max(kernel.values.shape) for kernel in kernels)
    smallest = min(min(right - left, bottom - top) for left, top, right, bottom in boxes)
    cell = max(LEAST_CELL * side, smallest / PARTS)
    rows, columns = (max(1, min(ceil(length / cell), MOST_CELLS)) for length in shape)
    centres = [patch.centre for patch in patches(shape, (rows, columns), 0)]
    return KernelField(tuple(kernels[nearest(boxes, centre)] for centre in centres), (rows, columns), shape)


def nearest(boxes: Sequence[Box], point: tuple[float, float]) -> int:
    """Return the index of the box that a point lies in, the smallest of several, else of the nearest."""

    def rank(index: int) -> tuple[float, float]:
        left, top, right, bottom = boxes[index]
        x, y = point
        away = float(np.hypot(max(left - x, 0, x - right), max(top - y, 0, y - bottom)))
        return away, (right - left) * (bottom - top)

    return min(range(len(boxes)), key=rank)
