"""Measures the noise of a picture."""

from __future__ import annotations

import numpy as np

QUANTISATION = 1 / 255 / np.sqrt(12)  # an 8-bit picture cannot be measured more finely
MAD_OF_NORMAL = 0.6745
MOST_SAMPLES = 1 << 21


def noise_level(pixels: np.ndarray) -> float:
    """Return the noise's standard deviation of H x W (x C) pixels in [0, 1], at least that of 8-bit quantisation.

    Robust median of the second difference in x and y (Immerkaer 1996); a blurred picture contributes almost only
    noise to it.
    """
    planes = pixels.reshape(*pixels.shape[:2], -1)
    if min(planes.shape[:2]) < 3:
        return QUANTISATION
    # In a large photo, every n-th triple of rows is enough for a median.
    step = max(1, planes.shape[0] * planes.shape[1] // MOST_SAMPLES)
    tops = np.arange(0, planes.shape[0] - 2, step)
    down = planes[tops] - 2 * planes[tops + 1] + planes[tops + 2]
    high = (down[:, :-2] - 2 * down[:, 1:-1] + down[:, 2:]) / 6
    return max(float(np.median(np.abs(high)) / MAD_OF_NORMAL), float(QUANTISATION))
