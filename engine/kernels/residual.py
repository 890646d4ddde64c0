"""Measures the difference between the photo and the restored picture blurred again: in total, and pixel by pixel."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import ndimage

from engine.kernels.blurring import blur
from engine.kernels.kernel import Kernel
from engine.kernels.night import NEAR_WHITE
from engine.kernels.noise import noise_level
from engine.kernels.trust import worst_place

MAP_SIGMA = 6.0
Reblur = Callable[[np.ndarray], np.ndarray]
"""Blurs H x W x C pixels by the kernel or kernels of a photo."""


def unexplained(
    blurred: np.ndarray, reblurred: np.ndarray, border: tuple[int, int], noise: float
) -> tuple[float, np.ndarray]:
    """Return the reblur residual ||k * x - y|| / sigma_n per pixel, and the H x W float32 map of its local value.

    It is about 1 if the restored picture explains the photo up to noise, and larger if detail was invented.
    reblurred: k * x. border: (y, x) px at the edges that the total leaves out, because k needs what is beyond; if
    nothing else is left, it takes all pixels. noise: sigma_n of the photo.
    """
    error = (reblurred - blurred).reshape(*blurred.shape[:2], -1)
    power = np.mean(error**2, axis=2)
    half_y, half_x = border
    valid = power[half_y : power.shape[0] - half_y, half_x : power.shape[1] - half_x]
    figure = np.sqrt(np.mean(valid if valid.size else power, dtype=np.float64)) / noise
    smooth = ndimage.gaussian_filter(power, MAP_SIGMA, mode="reflect")
    return float(figure), (np.sqrt(smooth) / noise).astype(np.float32)


def reblurred_with_light(blurred: np.ndarray, restored: np.ndarray, reblur: Reblur) -> np.ndarray:
    """Return k * x, H x W x C, nearer to the photo y where x is white: its light may have been up to twice as bright.

    Light beyond white leaves the photo brighter all along the kernel than any picture that ends at white can explain.
    """
    reblurred = reblur(restored)
    white = restored >= NEAR_WHITE
    if not white.any():
        return reblurred
    return np.clip(blurred, reblurred, reblurred + reblur(white.astype(np.float32)))


def as_recorded(sharp: np.ndarray, kernel: Kernel) -> np.ndarray:
    """Return k * x of H x W x C or H x W pixels, cut at white as a sensor does; x may have light beyond 1."""
    return np.minimum(blur(sharp, kernel), 1)


def unexplained_by(blurred: np.ndarray, sharp: np.ndarray, kernel: Kernel) -> float:
    """Return the error of `kernel` * sharp at its worst place, in units of the noise; pictures are H x W x C."""
    border = kernel.values.shape[0] // 2, kernel.values.shape[1] // 2
    noise = noise_level(blurred)
    _, residual = unexplained(blurred, as_recorded(sharp, kernel), border, noise)
    return worst_place(residual, border, noise)
