"""Strength: how much of the restored picture goes into the photo. A blend, which needs no second run."""

from __future__ import annotations

import cv2
import numpy as np

FINE = 3.0  # px, standard deviation of what counts as coarse


def blend(
    original: np.ndarray, restored: np.ndarray, strength: float, high_frequencies_only: bool = False
) -> np.ndarray:
    """Return original + strength (restored - original), H x W x 3 float32 in [0, 1].

    At 0 it is the original bit for bit, at 1 the restored picture. high_frequencies_only: of the change, only
    what is finer than a Gaussian of 3 px goes in, so that tones and colours stay the photo's own.
    """
    if strength == 0:
        return original
    if strength == 1 and not high_frequencies_only:
        return restored
    change = restored - original
    if high_frequencies_only:
        change -= cv2.GaussianBlur(change, (0, 0), FINE, borderType=cv2.BORDER_REFLECT_101)
    change *= strength
    change += original
    return np.clip(change, 0, 1, out=change)
