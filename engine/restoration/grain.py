"""Grain and ringing held down where the photo is plain: in skies, on walls.

A deconvolution makes noise stronger, and the errors of a kernel ring far into plain areas. There is nothing to
restore in them: where the photo has no structure beyond its noise, the result becomes the photo with its noise
smoothed. Edges and textures, which even a blurred photo shows faintly, keep what was restored.
"""

from __future__ import annotations

import cv2
import numpy as np

from engine.kernels.estimation import luma
from engine.kernels.noise import noise_level

FINE, COARSE = 1.0, 4.0  # px, standard deviations of the Gaussians between which structure is looked for
OF_NOISE = 0.2566  # what such a band keeps of white noise
ROUND = 17  # px, side of the square over which structure is averaged
CALM = 2.0  # px, standard deviation of the Gaussian that smooths the photo's noise
FAINTEST = 0.002  # structure that no photo of 8 bits is free of
PLAIN, STRUCTURED = 1.5, 3.0  # times what noise alone gives: below the first all is plain, above the second nothing
ROWS, MARGIN = 512, 32  # px


def held_down(original: np.ndarray, restored: np.ndarray, grain: float) -> np.ndarray:
    """Return the restored H x W x 3 picture in [0, 1] with grain and ringing held down where the original is plain.

    grain: how much, 0 nothing (the restored picture itself), 1 all. A pixel that was not changed stays as it is.
    """
    if grain == 0 or min(original.shape[:2]) < 3:
        return restored
    out, noise = restored.copy(), noise_level(original)
    height = original.shape[0]
    for top in range(0, height, ROWS):
        bottom = min(top + ROWS, height)
        start, end = max(0, top - MARGIN), min(height, bottom + MARGIN)
        inner = slice(top - start, bottom - start)
        about = original[start:end]
        share = np.float32(grain) * plainness(about, noise)[inner, :, None]
        share = share * (restored[top:bottom] != original[top:bottom]).any(axis=2, keepdims=True)
        calm = cv2.GaussianBlur(about, (0, 0), CALM, borderType=cv2.BORDER_REFLECT_101)[inner]
        out[top:bottom] += share * (calm - restored[top:bottom])
    return out


def plainness(photo: np.ndarray, noise: float) -> np.ndarray:
    """Return how plain an H x W x 3 photo is at each pixel, H x W float32: 1 nothing but noise, 0 structure.

    noise: the standard deviation of its noise.
    """
    plane = luma(photo)
    fine, coarse = (
        cv2.GaussianBlur(plane, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101) for sigma in (FINE, COARSE)
    )
    power = cv2.boxFilter((fine - coarse) ** 2, -1, (ROUND, ROUND), borderType=cv2.BORDER_REFLECT_101)
    expected = OF_NOISE * noise + FAINTEST
    structure = np.sqrt(np.maximum(power, 0)) / np.float32(expected)
    return np.clip((STRUCTURED - structure) / (STRUCTURED - PLAIN), 0, 1, dtype=np.float32)
