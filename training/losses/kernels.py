"""Losses between blur kernels; N x h x w, each kernel summing to 1.

Sums over a kernel, means over the batch: a kernel's values shrink as its window grows, their sum does not.
"""

from __future__ import annotations

from torch import Tensor


def kernel_l1(estimated: Tensor, true: Tensor) -> Tensor:
    """Return ||k^ - k||_1, in [0, 2] for kernels without negatives (Kaufman 2020, Sec. 3.1)."""
    return (estimated - true).abs().sum(dim=(-2, -1)).mean()


def kernel_l2(estimated: Tensor, true: Tensor) -> Tensor:
    """Return ||k^ - k||^2 (Schuler 2016, Sec. 4)."""
    return (estimated - true).square().sum(dim=(-2, -1)).mean()
