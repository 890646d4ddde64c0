"""The network: a U-Net at half resolution, without normalisation, so that a tile is restored as the whole is."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.finish.candidates import CHANNELS, NAMES, TRUST

HALVED = 2  # px that become one
MULTIPLE = 8  # px: height and width must be multiples of it


class Block(nn.Module):
    """Computes x + conv(relu(conv(relu(x)))), 3 x 3."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape N x C x H x W."""
        changed: Tensor = self.second(F.relu(self.first(F.relu(x))))
        return x + changed


class Fusing(nn.Module):
    """Fuses candidates: N x CHANNELS x H x W and N x TRUST to N x 3 x H x W, H and W multiples of MULTIPLE.

    At every pixel the candidates are weighed by a softmax, and a residual is added; it starts as their mean.
    """

    def __init__(self, widths: Sequence[int] = (48, 72, 96)) -> None:
        super().__init__()
        first, second, third = widths
        self.seen = nn.Conv2d(CHANNELS * HALVED**2, first, 3, padding=1)
        self.trust = nn.Linear(TRUST, first)
        self.fine = Block(first)
        self.down = nn.Conv2d(first, second, 2, stride=2)
        self.middle = Block(second)
        self.further = nn.Conv2d(second, third, 2, stride=2)
        self.coarse = nn.Sequential(Block(third), Block(third))
        self.back = nn.Conv2d(third, second, 1)
        self.joined = Block(second)
        self.up = nn.Conv2d(second, first, 1)
        self.last = Block(first)
        self.out = nn.Conv2d(first, (len(NAMES) + 3) * HALVED**2, 3, padding=1)
        nn.init.zeros_(self.out.weight)
        assert self.out.bias is not None
        nn.init.zeros_(self.out.bias)

    def forward(self, stack: Tensor, trust: Tensor) -> Tensor:
        """Return the fused pictures; not cut to [0, 1]."""
        return fused(stack, *self.parts(stack, trust))

    def parts(self, stack: Tensor, trust: Tensor) -> tuple[Tensor, Tensor]:
        """Return the weight of each candidate, N x 5 x H x W, and what is added to their sum, N x 3 x H x W."""
        fine = self.seen(F.pixel_unshuffle(stack - 0.5, HALVED)) + self.trust(trust)[..., None, None]
        fine = self.fine(fine)
        middle = self.middle(self.down(fine))
        coarse = self.coarse(self.further(middle))
        middle = self.joined(middle + _twice(self.back(coarse)))
        fine = self.last(fine + _twice(self.up(middle)))
        out = F.pixel_shuffle(self.out(F.relu(fine)), HALVED)
        return torch.softmax(out[:, : len(NAMES)], 1), out[:, len(NAMES) :]


def fused(stack: Tensor, weights: Tensor, residual: Tensor) -> Tensor:
    """Return the weighted sum of the pictures of a stack, and what is added to it, N x 3 x H x W."""
    pictures = stack[:, :-1].unflatten(1, (len(NAMES), 3))
    return (weights[:, :, None] * pictures).sum(1) + residual


def _twice(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="nearest")
