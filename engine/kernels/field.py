"""Blur that varies over the photo: a grid of local kernels, applied and inverted by efficient filter flow.

Hirsch et al. 2010; Schuler et al. 2016, section 6.3.
"""

from __future__ import annotations

import numpy as np
from scipy import signal

from engine.kernels.deconvolution import deconvolve
from engine.kernels.estimation import estimate_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.kernel_field import Corner, KernelField, cells
from engine.kernels.motion import CameraMotion, project
from engine.kernels.noise import noise_level
from engine.kernels.patches import Patch, patches

__all__ = ["CameraMotion", "KernelField", "blur_field", "cells", "deconvolve_field", "estimate_field", "project"]

MODEL_ERROR = 0.01  # error of a single kernel for a whole patch, measured on a rotated picture
CELL = 128  # px: a window of two such cells is large enough to estimate its kernel
MOST_CELLS = 8


def blur_field(pixels: np.ndarray, field: KernelField, corner: Corner | None = None) -> np.ndarray:
    """Return y = sum over r of k_r * (w_r x) for H x W x C float32 pixels, mirrored at the border.

    corner: (top, left) of the pixels if they are a tile of the field's picture. Raise ValueError if the field was
    made for another size.
    """
    corner = _checked(pixels, field, corner)
    half = field.side // 2
    height, width = shape = pixels.shape[:2]
    canvas = np.zeros((height + 4 * half, width + 4 * half, pixels.shape[2]), dtype=np.float32)
    for patch, kernel in field.patches(0, corner, shape):
        # At the photo's border, the window continues over the mirrored part.
        widths = _beyond(patch, shape, half)
        part = np.pad(pixels[patch.rows, patch.columns], (*widths, (0, 0)), mode="symmetric")
        part = part * np.pad(patch.window, widths, mode="edge")[..., None]
        blurred = signal.fftconvolve(part, kernel.values[..., None], axes=(0, 1))
        top = patch.rows.start - widths[0][0] + 2 * half - kernel.values.shape[0] // 2
        left = patch.columns.start - widths[1][0] + 2 * half - kernel.values.shape[1] // 2
        canvas[top : top + blurred.shape[0], left : left + blurred.shape[1]] += blurred
    return canvas[2 * half : 2 * half + height, 2 * half : 2 * half + width]


def deconvolve_field(
    pixels: np.ndarray,
    field: KernelField,
    noise: float | None = None,
    *,
    smoothness: float = 1.0,
    corner: Corner | None = None,
) -> np.ndarray:
    """Return the sharp H x W x C picture in [0, 1]: each patch deconvolved with its own kernel, the windows blended.

    noise and smoothness as for `deconvolve`, corner as for `blur_field`. Raise ValueError if the field was made for
    another size.
    """
    corner = _checked(pixels, field, corner)
    noise = float(np.hypot(noise_level(pixels) if noise is None else noise, MODEL_ERROR))
    out = np.zeros(pixels.shape, dtype=np.float32)
    for patch, kernel in field.patches(field.side, corner, pixels.shape[:2]):
        restored = deconvolve(pixels[patch.rows, patch.columns], kernel, noise, smoothness=smoothness)
        out[patch.rows, patch.columns] += restored * patch.window[..., None]
    return out


def estimate_field(
    blurred: np.ndarray, restored: np.ndarray, counts: tuple[int, int] | None = None, size: int | None = None
) -> KernelField:
    """Estimate a size x size kernel for each cell from two pictures, equation 8 of Schuler et al. 2016.

    counts: None for cells of at least `CELL` px, and at most `MOST_CELLS` along a side. size: None for twice the side
    of the whole picture's kernel, which also serves cells without an edge. Raise ValueError if no kernel can be
    estimated.
    """
    height, width = blurred.shape[:2]
    counts = counts or (_count(height), _count(width))
    cell = min(height // counts[0], width // counts[1])
    whole = estimate_kernel(blurred, restored, size)
    size = size or min(2 * max(whole.values.shape) + 1, cell - 1 + cell % 2)

    def local(patch: Patch) -> Kernel:
        place = patch.rows, patch.columns
        try:
            return estimate_kernel(blurred[place], restored[place], size)
        except ValueError:
            return whole

    found = tuple(local(patch) for patch in patches((height, width), counts, cell))
    return KernelField(found, counts, (height, width))


def _count(length: int) -> int:
    return max(1, min(length // CELL, MOST_CELLS))


def _beyond(patch: Patch, shape: tuple[int, int], half: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the px to mirror before and after the rows and columns of a patch: `half` at the photo's border."""
    (top, bottom), (left, right) = (
        (part.start == 0, part.stop == length)
        for part, length in zip((patch.rows, patch.columns), shape, strict=True)
    )
    return (half * top, half * bottom), (half * left, half * right)


def _checked(pixels: np.ndarray, field: KernelField, corner: Corner | None) -> Corner:
    """Check the field's size; return the pixels' position in the field's picture."""
    ends = [start + side for start, side in zip(corner or (0, 0), pixels.shape[:2], strict=True)]
    inside = all(end <= side for end, side in zip(ends, field.shape, strict=True))
    if not inside or (corner is None and pixels.shape[:2] != field.shape):
        raise ValueError(f"the field is made for {field.shape} px, not for {pixels.shape[:2]} at {corner}")
    return corner or (0, 0)
