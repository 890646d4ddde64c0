"""Figures of merit on tensors: PSNR, SSIM, shift-tolerant PSNR."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

WINDOW = 11  # px, side of SSIM's window


def psnr(restored: Tensor, sharp: Tensor) -> Tensor:
    """Return the peak signal-to-noise ratio in dB of each of N pictures in [0, 1], N x C x H x W (peak 1)."""
    error = (restored.clamp(0, 1) - sharp).square().flatten(1).mean(1)
    return -10 * torch.log10(error.clamp(min=1e-10))


def shift_tolerant_psnr(restored: Tensor, sharp: Tensor, reach: int = 5) -> Tensor:
    """Return the best PSNR over integer shifts of up to `reach` px: a blind method cannot know the kernel's origin.

    The result is NaN for pictures in which no pixel is `reach` px away from all borders.
    """
    height, width = sharp.shape[-2:]
    inner = sharp[..., reach : height - reach, reach : width - reach]
    shifts = range(2 * reach + 1)
    tried = [
        psnr(restored[..., y : y + inner.shape[-2], x : x + inner.shape[-1]], inner) for y in shifts for x in shifts
    ]
    return torch.stack(tried).amax(0)


def ssim(restored: Tensor, sharp: Tensor) -> Tensor:
    """Structural similarity (Wang et al. 2004) of each of N pictures: 11 x 11 Gaussian, sigma 1.5.

    NaN for pictures into which that window does not fit.
    """
    channels = sharp.shape[1]
    if min(sharp.shape[-2:]) < WINDOW:
        return sharp.new_full((len(sharp),), torch.nan)
    place = torch.arange(WINDOW, dtype=sharp.dtype, device=sharp.device) - WINDOW // 2
    line = torch.exp(-place.square() / (2 * 1.5**2))
    line = line / line.sum()
    down = line.view(1, 1, -1, 1).expand(channels, 1, -1, 1)
    across = line.view(1, 1, 1, -1).expand(channels, 1, 1, -1)

    def smooth(x: Tensor) -> Tensor:
        return F.conv2d(F.conv2d(x, down, groups=channels), across, groups=channels)

    x, y = restored.clamp(0, 1), sharp
    mean_x, mean_y = smooth(x), smooth(y)
    var_x, var_y = smooth(x * x) - mean_x**2, smooth(y * y) - mean_y**2
    covariance = smooth(x * y) - mean_x * mean_y
    c1, c2 = 0.01**2, 0.03**2
    index = ((2 * mean_x * mean_y + c1) * (2 * covariance + c2)) / (
        (mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2)
    )
    return index.flatten(1).mean(1)
