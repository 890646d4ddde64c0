"""Kernels moved so that the centre of their mass is their centre: a photo does not tell where theirs was."""

from __future__ import annotations

import cv2
import numpy as np

from engine.kernels.families.drawing import centre_of_mass
from engine.kernels.kernel import Kernel


def centred(values: np.ndarray) -> np.ndarray:
    """Move a kernel, by whole pixels, so that the centre of its mass is its centre."""
    middle = len(values) // 2
    x, y = centre_of_mass(values)
    return np.roll(values, (middle - round(middle + y), middle - round(middle + x)), axis=(0, 1))


def centred_exactly(kernel: Kernel) -> Kernel:
    """Return a kernel moved so that the centre of its mass is its centre, larger by as much, a pixel a side at least.

    By cubic interpolation: it blurs a kernel less than linear interpolation does.
    """
    x, y = centre_of_mass(kernel.values)
    wider = np.pad(kernel.values, max(1, int(np.ceil(max(abs(x), abs(y))))))
    shift = np.array([[1, 0, -x], [0, 1, -y]], np.float32)
    moved = cv2.warpAffine(wider, shift, wider.shape[::-1], flags=cv2.INTER_CUBIC).clip(min=0)
    return Kernel(np.asarray(moved / moved.sum(), np.float32))
