"""How far a restored picture, blurred again, is from the photo: in all, and pixel by pixel."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from engine.kernels.blurring import blur
from engine.kernels.kernel import Kernel
from engine.kernels.noise import noise_level
from engine.kernels.trust import worst_place

MAP_SIGMA = 6.0


def reblur_residual(blurred: np.ndarray, restored: np.ndarray, kernel: Kernel) -> tuple[float, np.ndarray]:
    """Return ||k * x - y|| / sigma_n per pixel, and the H x W float32 map of its local value.

    About 1 where the restored picture explains the photo up to noise; larger where detail was invented. The figure is
    taken where the kernel needs no pixel from beyond the border (everywhere, if it is larger than the picture).
    """
    height, width = kernel.values.shape
    return unexplained(blurred, blur(restored, kernel), (height // 2, width // 2))


def unexplained(blurred: np.ndarray, reblurred: np.ndarray, border: tuple[int, int]) -> tuple[float, np.ndarray]:
    """Return figure and map of `reblur_residual` for a restored picture that is blurred again already.

    border: (y, x) px at the edges that the figure leaves out.
    """
    error = (reblurred - blurred).reshape(*blurred.shape[:2], -1)
    power = np.mean(error**2, axis=2)
    sigma = noise_level(blurred)
    half_y, half_x = border
    valid = power[half_y : power.shape[0] - half_y, half_x : power.shape[1] - half_x]
    figure = np.sqrt(np.mean(valid if valid.size else power, dtype=np.float64)) / sigma
    smooth = ndimage.gaussian_filter(power, MAP_SIGMA, mode="reflect")
    return float(figure), (np.sqrt(smooth) / sigma).astype(np.float32)


def unexplained_by(blurred: np.ndarray, sharp: np.ndarray, kernel: Kernel) -> float:
    """Return what the kernel's blur of one H x W x C picture leaves of another at its worst place, over its noise."""
    border = kernel.values.shape[0] // 2, kernel.values.shape[1] // 2
    _, residual = unexplained(blurred, blur(sharp, kernel), border)
    return worst_place(residual, border, noise_level(blurred))
