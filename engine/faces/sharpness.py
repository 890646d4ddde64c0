"""Measures how sharp a face is, independent of contrast and noise."""

from __future__ import annotations

import cv2
import numpy as np

from engine.faces.face import Box
from engine.luma import LUMA

_SIDE = 256  # px of the longer side at which faces are measured; smaller ones are not enlarged
_FINE, _MIDDLE, _COARSE = 1.0, 2.0, 4.0  # px, sigma of the scales of gradients
# log2 of the energy ratio: faces of 256 px under a Gaussian of 5 px, and unblurred faces
_BLURRED, _SHARP = -3.0, 1.0
_USUAL_LACK = 1.6  # log2 of the largest over the smallest directional energy, highest value among unblurred faces


def sharpness(pixels: np.ndarray, box: Box) -> float:
    """Return the sharpness in [0, 1] of the box (px) in `pixels` (H x W x 3, float32 in [0, 1] or uint8).

    The measure is the energy of the luma's gradients between a fine and a middle scale, divided by the energy at a
    coarse scale. Contrast does not change it, and every blur lowers it. The energy of white noise at the measured
    level is subtracted first.

    Motion blurs only one direction. So the direction with the least fine energy counts (the smaller eigenvalue of the
    structure tensor), divided by the coarse energy of all directions: a long motion lowers the coarse energy along it
    too. A face has fine edges in every direction. If one direction has less than a third of another's energy, the
    deficit counts once more, so that strong texture does not hide it.

    log2 of the ratio is mapped to [0, 1]: 0 is a face blurred beyond use, 1 a good photo. The result is 0 if there is
    nothing to measure.
    """
    luma = _luma(pixels, box)
    if min(luma.shape) < 4:
        return 0.0
    noise = _noise_variance(luma)
    fine, middle, coarse = (
        _structure(luma, sigma) - np.eye(2) * noise / (8 * np.pi * sigma**4) for sigma in (_FINE, _MIDDLE, _COARSE)
    )
    if np.linalg.eigvalsh(coarse)[0] <= 1e-9:
        return 0.0
    least, most = np.log2(np.maximum(np.linalg.eigvalsh(fine - middle), 1e-12))
    lack = max(0.0, most - least - _USUAL_LACK)
    score = least - np.log2(np.trace(coarse) / 2) - lack
    return float(np.clip((score - _BLURRED) / (_SHARP - _BLURRED), 0, 1))


def _luma(pixels: np.ndarray, box: Box) -> np.ndarray:
    """Return the luma of the box in [0, 1], its longer side at most _SIDE px."""
    height, width = pixels.shape[:2]
    left, top = int(np.clip(box[0], 0, width)), int(np.clip(box[1], 0, height))
    part = pixels[top : int(np.clip(box[3], top, height)), left : int(np.clip(box[2], left, width))]
    if min(part.shape[:2]) < 1:
        return np.zeros((0, 0), np.float32)
    luma = part.astype(np.float32) @ (LUMA / 255 if part.dtype == np.uint8 else LUMA)
    scale = _SIDE / max(luma.shape)
    return luma if scale >= 1 else cv2.resize(luma, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _structure(luma: np.ndarray, sigma: float) -> np.ndarray:
    """Return the 2 x 2 float64 structure tensor at scale sigma (px), averaged over the picture."""
    smooth = cv2.GaussianBlur(luma, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101)
    across, down = cv2.Sobel(smooth, -1, 1, 0, ksize=1) / 2, cv2.Sobel(smooth, -1, 0, 1, ksize=1) / 2
    both = float(np.mean(across * down))
    return np.array([[float(np.mean(across**2)), both], [both, float(np.mean(down**2))]])


def _noise_variance(luma: np.ndarray) -> float:
    """Return the variance of white noise, from the median of the finest diagonal Haar band (Donoho, 1995)."""
    rows, columns = luma.shape[0] // 2 * 2, luma.shape[1] // 2 * 2
    even = luma[:rows, :columns]
    diagonal = (even[::2, ::2] - even[::2, 1::2] - even[1::2, ::2] + even[1::2, 1::2]) / 2
    return float((np.median(np.abs(diagonal)) / 0.6745) ** 2)
