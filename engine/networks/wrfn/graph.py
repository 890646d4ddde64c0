"""WRFN as one graph of tensors, for a compiler: statistics become a scale and a shift, which it folds away."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.wrfn.normalisation import InstanceNorm, Statistics, norms

if TYPE_CHECKING:
    from engine.networks.wrfn.network import WRFN


class Scaled(nn.Module):
    """x scale + shift: instance normalisation by statistics that are known."""

    scale: Tensor
    shift: Tensor

    def forward(self, x: Tensor) -> Tensor:
        """N x C x H x W to the same."""
        return x * self.scale + self.shift


class HalfConv(nn.Module):
    """A convolution whose products are of bfloat16 and whose sums are of float32."""

    def __init__(self, conv: nn.Conv2d) -> None:
        super().__init__()
        assert conv.bias is not None
        self.weight = conv.weight.detach().bfloat16()
        self.bias = conv.bias.detach().view(1, -1, 1, 1)
        self.padding = conv.padding

    def forward(self, x: Tensor) -> Tensor:
        """N x C x H x W float32 to N x C' x H x W float32."""
        return F.conv2d(x.bfloat16(), self.weight, None, padding=self.padding).float() + self.bias


class Graph(nn.Module):
    """N x 1 x h x w planes to the same; tiled: two numbers a normalisation come with them (see `scales`)."""

    def __init__(self, network: WRFN, tiled: bool, half: bool) -> None:
        super().__init__()
        self.network = copy.deepcopy(network)
        self.scaled = [Scaled() for _ in norms(network)] if tiled else []
        for name, scaled in zip(norms(network) if tiled else (), self.scaled, strict=True):
            self.network.set_submodule(name, scaled)
        # Only within the blocks: rounding what goes into the first and the blending convolutions is seen in the
        # picture (3 levels of 8 bits), rounding within the blocks is not (0.7 at most on the photos tried).
        for block in (*self.network.blocks, self.network.blending[1]) if half else ():
            block.first, block.second = HalfConv(block.first), HalfConv(block.second)

    def forward(self, planes: Tensor, *numbers: Tensor) -> Tensor:
        """Restore planes."""
        for scaled, scale, shift in zip(self.scaled, numbers[::2], numbers[1::2], strict=True):
            scaled.scale, scaled.shift = scale, shift
        restored: Tensor = self.network(planes)
        return restored


def scales(network: WRFN, statistics: Statistics) -> tuple[Tensor, ...]:
    """Return scale and shift, 1 x C x 1 x 1, of each instance norm in turn: weight / sigma, bias - mean scale."""
    numbers: list[Tensor] = []
    for name, norm in norms(network).items():
        numbers.extend(_scale(norm, *statistics[name]))
    return tuple(numbers)


def _scale(norm: InstanceNorm, mean: Tensor, variance: Tensor) -> tuple[Tensor, Tensor]:
    scale = norm.weight / torch.sqrt(variance + norm.eps)
    return scale.view(1, -1, 1, 1), (norm.bias - mean * scale).view(1, -1, 1, 1)
