"""The DeepDeblur network: six residual inception modules of five kernel sizes each (Sec. 3.3, Fig. 3)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.network import DeblurringNetwork

KERNEL_SIZES = (1, 3, 5, 7, 14)
SLOPE = 0.01  # slope of the leaky ReLU, as in Maas et al. 2013, which the paper cites


class SameConv(nn.Conv2d):
    """A convolution that keeps the size for even kernels too: a kernel of 14 px pads 6 px before and 7 px after."""

    def __init__(self, inputs: int, outputs: int, size: int) -> None:
        super().__init__(inputs, outputs, size, padding=size // 2)
        self.cut = 1 - size % 2

    def forward(self, x: Tensor) -> Tensor:
        """Map N x C x H x W to N x C' x H x W."""
        # Even kernels are padded by one pixel too many, and the first row and column are removed again. torch's own
        # padding="same" copies the padded input, which costs more than one spare row of output.
        y = super().forward(x)
        return y[..., self.cut :, self.cut :] if self.cut else y


class InceptionModule(nn.Module):
    """Computes x + 1x1(concatenated branches); each branch is a 1x1 to half the channels, then its own kernel size.

    reduction: without the first 1x1, the branches read all channels (the paper's Table 5). The last 1x1 is linear, so
    that a module may add as well as subtract.
    """

    def __init__(self, channels: int, reduction: bool) -> None:
        super().__init__()
        width = channels // 2
        # One convolution does the 1x1 of all branches: the same weights, one pass over the input.
        self.reduction = nn.Conv2d(channels, width * len(KERNEL_SIZES), 1) if reduction else None
        inputs = width if reduction else channels
        self.branches = nn.ModuleList(SameConv(inputs, width, size) for size in KERNEL_SIZES)
        self.fusion = nn.Conv2d(width * len(KERNEL_SIZES), channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape N x C x H x W."""
        inputs = [x] * len(self.branches)
        if self.reduction is not None:
            inputs = list(F.leaky_relu(self.reduction(x), SLOPE).chunk(len(inputs), dim=1))
        outputs = torch.cat([branch(part) for branch, part in zip(self.branches, inputs, strict=True)], dim=1)
        fused: Tensor = self.fusion(F.leaky_relu(outputs, SLOPE))
        return x + fused


class DeepDeblur(DeblurringNetwork):
    """Restores blurred faces in one step: N x 3 x H x W to the same, any H and W.

    modules, channels: as in the paper, six of 64 channels. reduction: see `InceptionModule`. skip: the network's
    output is added to its input and starts at zero; not in the paper, no parameters.
    """

    def __init__(self, modules: int = 6, channels: int = 64, reduction: bool = True, skip: bool = True) -> None:
        super().__init__()
        self.skip = skip
        self.first = nn.Conv2d(3, channels, 3, padding=1)
        self.inception = nn.Sequential(*(InceptionModule(channels, reduction) for _ in range(modules)))
        self.last = nn.Conv2d(channels, 3, 1)
        if skip:
            nn.init.zeros_(self.last.weight)
            nn.init.zeros_(self.last.bias)  # type: ignore[arg-type]

    def forward(self, blurred: Tensor) -> Tensor:
        """Restore pictures."""
        features = F.leaky_relu(self.first(blurred.contiguous(memory_format=torch.channels_last)), SLOPE)
        restored: Tensor = self.last(self.inception(features))
        return blurred + restored if self.skip else restored
