"""The two-scale network that serves as coarse and as fine deblurring net (Sec. 3.2, 3.5)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

FIRST_SIZE = 11
SIZE = 5
BLOCKS = 6
LAYERS = 18  # convolutions per scale, those of the blocks included
PLAIN = LAYERS - 2 * BLOCKS - 2  # 64 -> 64 outside the blocks: half before them, half after


def half(pictures: Tensor) -> Tensor:
    """Return N x C x H x W at half the size, H and W even."""
    return F.avg_pool2d(pictures, 2)


class ResidualBlock(nn.Module):
    """Computes x + conv(relu(conv(x))), 5x5, no normalisation (after Nah et al. 2017)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, SIZE, padding=SIZE // 2)
        self.second = nn.Conv2d(channels, channels, SIZE, padding=SIZE // 2)

    def forward(self, x: Tensor) -> Tensor:
        """Keep the shape N x C x H x W."""
        added: Tensor = self.second(F.relu(self.first(x)))
        return x + added


def _plain(channels: int, count: int) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for _ in range(count):
        layers += [nn.Conv2d(channels, channels, SIZE, padding=SIZE // 2), nn.ReLU(inplace=True)]
    return layers


def _scale(inputs: int, channels: int) -> nn.Sequential:
    """Build one scale: 18 convolutions, the first 11x11, the last to three colours, twelve of them in six blocks."""
    return nn.Sequential(
        nn.Conv2d(inputs, channels, FIRST_SIZE, padding=FIRST_SIZE // 2),
        nn.ReLU(inplace=True),
        *_plain(channels, PLAIN // 2),
        *(ResidualBlock(channels) for _ in range(BLOCKS)),
        *_plain(channels, PLAIN - PLAIN // 2),
        nn.Conv2d(channels, 3, SIZE, padding=SIZE // 2),
    )


class TwoScaleNet(nn.Module):
    """Restores a picture at half size, then at full size guided by the half-size result.

    guides: number of channels besides the picture (coarse net 0; fine net 3 + 11: the blurred picture and the parsing
    maps). skip: each scale's output is added to the picture and starts at zero.
    """

    def __init__(self, guides: int, channels: int, skip: bool) -> None:
        super().__init__()
        self.skip = skip
        self.half_scale = _scale(3 + guides, channels)
        self.up = nn.ConvTranspose2d(3, 3, 4, stride=2, padding=1)
        self.full_scale = _scale(3 + guides + 3, channels)
        _interpolate(self.up)
        if skip:
            for scale in (self.half_scale, self.full_scale):
                nn.init.zeros_(scale[-1].weight)  # type: ignore[arg-type]
                nn.init.zeros_(scale[-1].bias)  # type: ignore[arg-type]

    def forward(self, picture: Tensor, guides: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Return the N x 3 x H/2 x W/2 and the N x 3 x H x W result for N x 3 x H x W; H and W even."""
        seen = picture if guides is None else torch.cat([picture, guides], dim=1)
        seen = seen.contiguous(memory_format=torch.channels_last)
        at_half: Tensor = self.half_scale(half(seen))
        if self.skip:
            at_half = half(picture) + at_half
        at_full: Tensor = self.full_scale(torch.cat([seen, self.up(at_half)], dim=1))
        return at_half, picture + at_full if self.skip else at_full


def _interpolate(up: nn.ConvTranspose2d) -> None:
    """Initialise the 4x4 transposed convolution as linear interpolation by two, for each colour.

    The paper names both a bicubic operator (Sec. 3.2) and a transposed layer (Sec. 3.5) for this step.
    """
    tent = torch.tensor([0.25, 0.75, 0.75, 0.25])
    weight = torch.zeros(up.weight.shape)
    for colour in range(3):
        weight[colour, colour] = torch.outer(tent, tent)
    with torch.no_grad():
        up.weight.copy_(weight)
        up.bias.zero_()  # type: ignore[union-attr]
