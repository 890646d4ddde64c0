"""The blur kernel that leads from the restored picture back to the photo, and how well it does."""

from __future__ import annotations

import logging

import numpy as np

from engine.kernels.estimation import estimate_kernel, reblur_residual, telling_window, unexplained
from engine.kernels.field import KernelField, blur_field, estimate_field
from engine.kernels.kernel import Kernel

logger = logging.getLogger(__name__)

LEAST = 24  # px: a smaller picture holds no kernel

Explained = tuple[Kernel | None, float | None]


def explain(
    blurred: np.ndarray,
    restored: np.ndarray,
    native: np.ndarray | None = None,
    field: KernelField | None = None,
) -> Explained:
    """Return the kernel and the reblur residual ||k * x - y|| / sigma_n of H x W x 3 pictures.

    native: the method's own kernel, else one is estimated from the pair. field: the method's own, where the blur
    varies; the residual is then what it leaves. Of a large photo the window with most
    detail is looked at. None, None where the pictures are too small or too flat to tell.
    """
    kernel = None if native is None else Kernel(native)
    if min(blurred.shape[:2]) < LEAST:
        return kernel, None
    window = telling_window(restored)
    before, after = blurred[window], restored[window]
    try:
        kernel = kernel or estimate_kernel(before, after)
        if field is not None:
            reblurred = blur_field(after, field, (window[0].start, window[1].start))
            return kernel, unexplained(before, reblurred, (field.side // 2, field.side // 2))[0]
        return kernel, reblur_residual(before, after, kernel)[0]
    except ValueError as error:
        logger.info("no kernel: %s", error)
        return kernel, None


def explain_field(blurred: np.ndarray, restored: np.ndarray) -> KernelField | None:
    """Return the kernel of each part of H x W x 3 pictures; None where they are too small or too flat to tell."""
    if min(blurred.shape[:2]) < LEAST:
        return None
    try:
        return estimate_field(blurred, restored)
    except ValueError as error:
        logger.info("no field of kernels: %s", error)
        return None
