"""Losses between pictures, pixel by pixel; all N x C x H x W, values in [0, 1]."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def l1(restored: Tensor, sharp: Tensor) -> Tensor:
    """Return the mean of |x^ - x| (Shen 2020, eq. 5)."""
    return (restored - sharp).abs().mean()


def l2(restored: Tensor, sharp: Tensor) -> Tensor:
    """Return the mean of (x^ - x)^2 (Wang 2017, eq. 5; Jin 2018; Kaufman 2020)."""
    return (restored - sharp).square().mean()


def gradient_l1(restored: Tensor, sharp: Tensor, scales: int) -> Tensor:
    """Return the mean of |grad x^ - grad x| over both axes, summed over `scales` halvings of the size."""
    difference = restored - sharp
    total = difference.new_zeros(())
    for scale in range(scales):
        difference = F.avg_pool2d(difference, 2) if scale else difference
        total = total + difference.diff(dim=-1).abs().mean() + difference.diff(dim=-2).abs().mean()
    return total


def total_variation(restored: Tensor) -> Tensor:
    """Return the squared differences of neighbours (Wang 2017, eq. 6), over the number of values as its eq. 5."""
    across = (restored[..., :, 1:] - restored[..., :, :-1]).square().sum()
    down = (restored[..., 1:, :] - restored[..., :-1, :]).square().sum()
    return (across + down) / restored.numel()
