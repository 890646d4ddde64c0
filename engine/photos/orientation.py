"""The eight orientations of EXIF (tag 0x0112, Exif 3.0 section 4.6.5.1.5), as views: no pixel is copied."""

from __future__ import annotations

import numpy as np


def upright(samples: np.ndarray, orientation: int) -> np.ndarray:
    """Return a view of H x W x C samples in upright orientation; values other than 2 to 8 count as 1 (unchanged)."""
    if orientation in (5, 6, 7, 8):
        samples = samples.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        samples = samples[::-1]
    if orientation in (2, 3, 6, 7):
        samples = samples[:, ::-1]
    return samples
