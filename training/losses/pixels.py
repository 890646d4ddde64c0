"""Losses between pictures, pixel by pixel; all N x C x H x W, values in [0, 1]."""

from __future__ import annotations

import torch
from torch import Tensor


def l1(restored: Tensor, sharp: Tensor) -> Tensor:
    """Return the mean of |x^ - x| (Shen 2020, eq. 5)."""
    return (restored - sharp).abs().mean()


def l2(restored: Tensor, sharp: Tensor) -> Tensor:
    """Return the mean of (x^ - x)^2 (Wang 2017, eq. 5; Jin 2018; Kaufman 2020)."""
    return (restored - sharp).square().mean()


def charbonnier(restored: Tensor, sharp: Tensor, eps: float = 1e-3) -> Tensor:
    """Return the mean of sqrt((x^ - x)^2 + eps^2): L1 that is smooth at zero (Charbonnier et al., ICIP 1994)."""
    return torch.sqrt((restored - sharp).square() + eps**2).mean()


def total_variation(restored: Tensor) -> Tensor:
    """Return the squared differences of neighbours (Wang 2017, eq. 6), over the number of values as its eq. 5."""
    across = (restored[..., :, 1:] - restored[..., :, :-1]).square().sum()
    down = (restored[..., 1:, :] - restored[..., :-1, :]).square().sum()
    return (across + down) / restored.numel()
