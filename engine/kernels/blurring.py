"""The forward model y = k * x + n on pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from scipy import fft

from engine.kernels import transforms
from engine.kernels.kernel import Kernel

Boundary = Literal["reflect", "valid"]

STRIP_PIXELS = 1 << 21  # px of one channel in one transform: about 50 MB at its peak


def blur(pixels: np.ndarray, kernel: Kernel, boundary: Boundary = "reflect") -> np.ndarray:
    """Return the true convolution k * x of H x W x 3 or H x W float32 pixels, float32, in strips of bounded memory.

    "reflect" mirrors the picture beyond its border and keeps its size. "valid" returns only what needs no mirroring,
    H - h + 1 by W - w + 1 for an h x w kernel. Raise ValueError if nothing would be left.
    """
    half_y, half_x = (side // 2 for side in kernel.values.shape)
    if boundary == "valid" and (pixels.shape[0] <= 2 * half_y or pixels.shape[1] <= 2 * half_x):
        raise ValueError(f"a picture of {pixels.shape[:2]} px is too small for a kernel of {kernel.values.shape} px")
    margin = ((half_y, half_y), (half_x, half_x)) if boundary == "reflect" else ((0, 0), (0, 0))
    if pixels.ndim == 2:
        return _channel(np.pad(pixels, margin, mode="symmetric"), kernel)
    channels = [_channel(np.pad(pixels[..., c], margin, mode="symmetric"), kernel) for c in range(pixels.shape[2])]
    return np.stack(channels, axis=2)


def add_noise(pixels: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Return pixels + white Gaussian noise of standard deviation `sigma` (pixels in [0, 1]), float32, not clipped."""
    noise = rng.standard_normal(pixels.shape, dtype=np.float32)
    noise *= np.float32(sigma)
    noise += pixels
    return noise


def _channel(plane: np.ndarray, kernel: Kernel) -> np.ndarray:
    """Return the valid part of the convolution of an H x W plane."""
    height, width = kernel.values.shape
    out = np.empty((plane.shape[0] - height + 1, plane.shape[1] - width + 1), dtype=np.float32)
    for rows in _strips(out.shape[0], plane.shape[1], height):
        out[rows] = _valid(plane[rows.start : rows.stop + height - 1], kernel.values)
    return out


def _strips(height: int, width: int, kernel_height: int) -> Iterator[slice]:
    rows = max(STRIP_PIXELS // width, 4 * kernel_height)
    return (slice(top, min(top + rows, height)) for top in range(0, height, rows))


def _valid(plane: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    size = [fft.next_fast_len(side, real=True) for side in plane.shape]
    spectrum = transforms.forward(np.asarray(plane, dtype=np.float32), size)
    spectrum *= transforms.forward(kernel, size)
    whole = transforms.backward(spectrum, size)
    return whole[kernel.shape[0] - 1 : plane.shape[0], kernel.shape[1] - 1 : plane.shape[1]]
