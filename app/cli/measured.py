"""PSNR and SSIM of pictures, by the same code as training and evaluation."""

from __future__ import annotations

import numpy as np


def psnr_and_ssim(pixels: np.ndarray, sharp: np.ndarray) -> tuple[float, float]:
    """Return PSNR in dB and SSIM of H x W x 3 float32 pictures in [0, 1]."""
    import torch

    from training.measures import psnr, ssim

    restored, true = (torch.from_numpy(np.ascontiguousarray(p)).permute(2, 0, 1)[None] for p in (pixels, sharp))
    return float(psnr(restored, true)), float(ssim(restored, true))
