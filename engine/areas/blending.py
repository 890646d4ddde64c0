"""From the kernels of some areas to a kernel for every part of the photo: the field that undoes the blur.

Where one movement of the camera explains what is seen in the areas, it tells the blur between them, too: a turned
camera blurs every place differently. Otherwise something moved by itself, and each part takes the nearest area's.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from math import ceil

import numpy as np

from engine.faces.face import Box
from engine.kernels.estimation import similarity
from engine.kernels.kernel import Kernel
from engine.kernels.kernel_field import LEAST_CELL, KernelField
from engine.kernels.motion import CameraMotion, project
from engine.kernels.patches import patches
from engine.kernels.varying import aligned, without_ripple

logger = logging.getLogger(__name__)

FEWEST = 3  # areas that can tell a turned camera: two are explained by a turn whatever moved
EXPLAINED = 0.8  # similarity of each area's kernel to what the camera's movement makes of it
MOST_CELLS = 16  # along a side
PARTS = 3  # cells along the shorter side of the smallest area, so that a border between areas lies where it was drawn


def field_of(kernels: Sequence[Kernel], boxes: Sequence[Box], shape: tuple[int, int]) -> KernelField:
    """Return the field of kernels that were found in boxes of a height x width photo; at least one."""
    if len(kernels) == 1 or all(similarity(kernels[0], kernel) > 0.999 for kernel in kernels[1:]):
        return KernelField((kernels[0],), (1, 1), shape)
    motion = camera_motion(kernels, boxes, shape)
    return _nearest(kernels, boxes, shape) if motion is None else KernelField.of(motion, None, shape)


def camera_motion(kernels: Sequence[Kernel], boxes: Sequence[Box], shape: tuple[int, int]) -> CameraMotion | None:
    """Return the movement of the camera that explains the kernels of all boxes, None where none does."""
    if len(kernels) < FEWEST:
        return None
    local, middles = [without_ripple(kernel) for kernel in kernels], np.array([_middle(box) for box in boxes])
    first = project(local, middles, shape)
    motion = project(aligned(local, middles, first), middles, shape).steadied()
    likeness = [similarity(kernel, motion.kernel_at(x, y)) for kernel, (x, y) in zip(local, middles, strict=True)]
    logger.info("the camera's movement explains the areas by %s", [round(each, 2) for each in likeness])
    return motion if min(likeness) >= EXPLAINED else None


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


def _middle(box: Box) -> tuple[float, float]:
    left, top, right, bottom = box
    return (left + right - 1) / 2, (top + bottom - 1) / 2
