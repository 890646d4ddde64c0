"""The analysis network: it estimates the blur kernel from a blurred picture's luma (Sec. 3.1, Fig. 2)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.analysis_synthesis.correlation import CorrelationLayer
from engine.networks.analysis_synthesis.layers import convolution, unpooled

LAST = (24, 16, 8)
MARGIN = 9  # px at each border that three 7x7 convolutions fill with the zeros around the picture
SMALLEST = 32  # px, a smaller picture does not show its blur
FLAT = 1e-3  # standard deviation of luma in [0, 1]: a quarter of a grey level of 255


class Level(nn.Module):
    """One scale: the features for the next scale, and the correlations of their maps within `reach` px."""

    def __init__(self, inputs: int, features: int, maps: int, reach: int) -> None:
        super().__init__()
        widths = (inputs, features, features)
        self.features = nn.Sequential(
            *(layer for width in widths for layer in (convolution(width, features, 7), nn.ReLU()))
        )
        self.reduced = convolution(features, maps, 1)
        self.correlated = CorrelationLayer(maps, maps, reach)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return features of the size of x (N x C x H x W) and N x maps x (2 reach + 1)^2 correlations."""
        features = self.features(x)
        maps = self.reduced(features)
        top, left = (min(MARGIN, side // 4) for side in maps.shape[-2:])
        inside = maps[..., top : maps.shape[-2] - top, left : maps.shape[-1] - left]
        return features, F.relu(self.correlated(inside))


class Merge(nn.Module):
    """Combines the correlations of a coarser level with those of the next finer level."""

    def __init__(self, maps: int) -> None:
        super().__init__()
        self.unpooled = unpooled(maps, even=False)
        self.reduced = convolution(2 * maps, maps, 1)

    def forward(self, coarse: Tensor, fine: Tensor) -> Tensor:
        """Map N x C x c x c and N x C x f x f, both odd with their centres at lag zero, to N x C x f x f."""
        grown = F.relu(self.unpooled(coarse))
        return F.relu(self.reduced(torch.cat((fine, fitted(grown, fine.shape[-1])), dim=1)))


class Analysis(nn.Module):
    """Maps N x 1 x H x W luma in [0, 1] to N x 1 x m x m kernels of sum 1; m is `kernel_size`, odd.

    Lags reach m / 2^l px at level l = 1, 2, 3. So the maps are m / 2^(l-1) + 1 px wide, as in the paper, and the
    finest is as large as the kernel. features: filters of the 7x7 convolutions. maps: their number after the 1x1
    reduction.
    """

    def __init__(self, kernel_size: int, levels: int = 3, features: int = 64, maps: int = 32) -> None:
        super().__init__()
        if kernel_size % 2 == 0:
            raise ValueError(f"the side of a kernel must be odd, not {kernel_size}")
        self.kernel_size = kernel_size
        reaches = [-(-(kernel_size // 2) // 2**level) for level in range(levels)]
        self.levels = nn.ModuleList(
            Level(features if i else 1, features, maps, reach) for i, reach in enumerate(reaches)
        )
        self.merges = nn.ModuleList(Merge(maps) for _ in reaches[1:])
        widths = (maps, *LAST)
        hidden = [x for a, b in zip(widths, LAST, strict=False) for x in (convolution(a, b, 3), nn.ReLU())]
        # The softmax over the whole last map cancels a constant, so a bias there could never learn.
        self.last = nn.Sequential(*hidden, convolution(LAST[-1], 1, 3, bias=False))

    def evidence(self, luma: Tensor) -> Tensor:
        """Return the last map, N x 1 x m x m, before it is turned into a kernel."""
        x = _standardised(luma).contiguous(memory_format=torch.channels_last)
        correlated = []
        for index, level in enumerate(self.levels):
            x, agreement = level(F.avg_pool2d(x, 2) if index else x)
            correlated.append(agreement)
        merged = correlated.pop()
        for merge in self.merges:
            merged = merge(merged, correlated.pop())
        evidence: Tensor = self.last(merged)
        return evidence

    def forward(self, luma: Tensor) -> Tensor:
        """Return the kernels, float32; a delta if a picture is flat or smaller than 32 px."""
        delta = _delta(luma, self.kernel_size)
        if min(luma.shape[-2:]) < SMALLEST:
            return delta
        kernels = _admissible(self.evidence(luma).float())
        flat = luma.float().std((-2, -1), correction=0, keepdim=True) < FLAT
        return torch.where(flat, delta, kernels)


def fitted(kernels: Tensor, side: int) -> Tensor:
    """Pad with zeros or crop N x C x k x k about the centre to N x C x side x side; k and side odd."""
    margin = (side - kernels.shape[-1]) // 2
    return F.pad(kernels, (margin,) * 4)


def _admissible(evidence: Tensor) -> Tensor:
    """Turn the last map into a kernel: not negative, sum 1.

    A softmax learned faster: after 104 samples its kernel was as good as the mean kernel (L1 1.21), while softplus
    divided by its sum was at 1.63. Unlike ReLU divided by its sum, it cannot die.
    """
    return evidence.flatten(1).softmax(dim=1).view_as(evidence)


def _delta(luma: Tensor, side: int) -> Tensor:
    return fitted(torch.ones(len(luma), 1, 1, 1, device=luma.device), side)


def _standardised(luma: Tensor) -> Tensor:
    """Return the luma with zero mean and unit variance for each picture."""
    luma = luma.float()
    mean, deviation = luma.mean((-2, -1), keepdim=True), luma.std((-2, -1), correction=0, keepdim=True)
    return (luma - mean) / deviation.clamp(min=FLAT)
