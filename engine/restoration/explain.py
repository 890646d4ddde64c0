"""The blur kernel that leads from the restored picture back to the photo, and how well it does."""

from __future__ import annotations

import logging

import numpy as np

from engine.kernels.kernel import Kernel

logger = logging.getLogger(__name__)

WINDOW = 1024  # px: a larger one knows the kernel no better and takes long
LEAST = 24  # px: a smaller picture holds no kernel

Explained = tuple[Kernel | None, float | None]


def explain(blurred: np.ndarray, restored: np.ndarray, native: np.ndarray | None = None) -> Explained:
    """Return the kernel and the reblur residual ||k * x - y|| / sigma_n of H x W x 3 pictures.

    native: the method's own kernel, else one is estimated from the pair. Of a large photo the window with most
    detail is looked at. None, None where the pictures are too small or too flat to tell.
    """
    kernel = None if native is None else Kernel(native)
    try:
        from engine.kernels.estimation import estimate_kernel, reblur_residual
    except ImportError:  # until it lands
        return kernel, None
    if min(blurred.shape[:2]) < LEAST:
        return kernel, None
    rows, columns = telling_window(restored)
    before, after = blurred[rows, columns], restored[rows, columns]
    try:
        kernel = kernel or estimate_kernel(before, after)
        return kernel, float(reblur_residual(before, after, kernel)[0])
    except ValueError as error:
        logger.info("no kernel: %s", error)
        return kernel, None


def telling_window(pixels: np.ndarray) -> tuple[slice, slice]:
    """Return the rows and columns of the `WINDOW` px with the largest gradients, out of 3 x 3 places."""
    rows, columns = (_places(side) for side in pixels.shape[:2])
    return max(((r, c) for r in rows for c in columns), key=lambda place: _detail(pixels[place]))


def _places(side: int) -> list[slice]:
    if side <= WINDOW:
        return [slice(0, side)]
    return [slice(start, start + WINDOW) for start in (0, (side - WINDOW) // 2, side - WINDOW)]


def _detail(pixels: np.ndarray) -> float:
    green = pixels[..., 1]
    return float(np.abs(np.diff(green, axis=0)).mean() + np.abs(np.diff(green, axis=1)).mean())
