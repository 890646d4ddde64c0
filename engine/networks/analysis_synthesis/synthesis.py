"""The synthesis network: a U-Net with every convolution guided by the blur kernel (Sec. 3.2, Fig. 3)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.analysis_synthesis.analysis import fitted
from engine.networks.analysis_synthesis.layers import convolution, unpooled

HIDDEN = 128  # width of the fully connected layers
CONVOLUTIONS = 3  # convolutions in a block


class Guidance(nn.Module):
    """Three fully connected layers from N x m^2 kernel values to the m(k) and b(k) of `count` convolutions (eq. 1).

    A term that is switched off (`multiplicative`, `additive`) has no weights and is zero.
    """

    def __init__(self, kernel_size: int, channels: int, count: int, multiplicative: bool, additive: bool) -> None:
        super().__init__()
        self.shape = (count, channels)
        self.multiplicative, self.additive = multiplicative, additive
        outputs = count * channels * (multiplicative + additive)
        if outputs:
            self.layers = nn.Sequential(
                nn.Linear(kernel_size**2, HIDDEN),
                nn.ReLU(),
                nn.Linear(HIDDEN, HIDDEN),
                nn.ReLU(),
                nn.Linear(HIDDEN, outputs),
            )

    def forward(self, kernels: Tensor) -> tuple[Tensor, Tensor]:
        """Return m and b, each count x N x C x 1 x 1."""
        count, channels = self.shape
        zero = kernels.new_zeros(count, len(kernels), channels, 1, 1)
        if not (self.multiplicative or self.additive):
            return zero, zero
        led = self.layers(kernels).view(len(kernels), -1, count, channels, 1, 1).transpose(0, 2).unbind(1)
        return led[0] if self.multiplicative else zero, led[-1] if self.additive else zero


class GuidedBlock(nn.Module):
    """Three 3x3 convolutions, each guided by the kernel and followed by ReLU: relu(r (1 + m(k)) + b(k))."""

    def __init__(self, inputs: int, channels: int, guidance: Guidance) -> None:
        super().__init__()
        self.guidance = guidance
        self.convolutions = nn.ModuleList(
            convolution(channels if i else inputs, channels, 3) for i in range(CONVOLUTIONS)
        )

    def forward(self, x: Tensor, kernels: Tensor) -> Tensor:
        """Map N x C x H x W and N x m^2 to N x C' x H x W."""
        multipliers, biases = self.guidance(kernels)
        for conv, m, b in zip(self.convolutions, multipliers, biases, strict=True):
            r = conv(x)
            x = F.relu(torch.addcmul(b.to(r.dtype), r, 1 + m.to(r.dtype)))
        return x


class DecoderBlock(nn.Module):
    """Un-pools with 5x5, filters the encoder's features with 3x3, and reduces both by 1x1."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.unpooled = unpooled(channels, even=True)
        self.skip = convolution(channels, channels, 3)
        self.reduced = convolution(2 * channels, channels, 1)

    def forward(self, coarse: Tensor, encoded: Tensor) -> Tensor:
        """Map N x C x h x w and N x C x 2h x 2w to N x C x 2h x 2w."""
        both = torch.cat((F.relu(self.unpooled(coarse)), F.relu(self.skip(encoded))), dim=1)
        return F.relu(self.reduced(both))


class Synthesis(nn.Module):
    """Maps N x 3 x H x W and N x 1 x k x k kernels to N x 3 x H x W; H and W are multiples of 2^levels.

    channels: the same in all layers. levels: number of poolings. skip: the output is added to the blurred input, and
    its last convolution starts at zero (not in the paper, no parameters). Kernels are padded or cropped to
    `kernel_size`.
    """

    def __init__(
        self,
        kernel_size: int,
        channels: int = 128,
        levels: int = 4,
        multiplicative: bool = True,
        additive: bool = True,
        skip: bool = True,
    ) -> None:
        super().__init__()
        self.kernel_size, self.multiple, self.skip = kernel_size, 2**levels, skip

        def block(inputs: int) -> GuidedBlock:
            guidance = Guidance(kernel_size, channels, CONVOLUTIONS, multiplicative, additive)
            return GuidedBlock(inputs, channels, guidance)

        self.down = nn.ModuleList(block(channels if i else 3) for i in range(levels + 1))
        self.ups = nn.ModuleList(DecoderBlock(channels) for _ in range(levels))
        self.up = nn.ModuleList(block(channels) for _ in range(levels))
        self.last = convolution(channels, 3, 3)
        if skip:
            nn.init.zeros_(self.last.weight)

    def forward(self, blurred: Tensor, kernels: Tensor) -> Tensor:
        """Return the restored pictures."""
        if blurred.shape[-1] % self.multiple or blurred.shape[-2] % self.multiple:
            raise ValueError(f"height and width must be multiples of {self.multiple}")
        led = fitted(kernels, self.kernel_size).flatten(1) * self.kernel_size
        x = blurred.contiguous(memory_format=torch.channels_last)
        encoded = []
        for index, block in enumerate(self.down):
            x = block(F.avg_pool2d(x, 2) if index else x, led)
            encoded.append(x)
        x = encoded.pop()
        for up, block in zip(self.ups, self.up, strict=True):
            x = block(up(x, encoded.pop()), led)
        restored: Tensor = self.last(x)
        return blurred + restored if self.skip else restored
