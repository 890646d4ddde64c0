"""The face parsing network: an encoder-decoder with skip connections (Sec. 3.2)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.semantic.labels import LABELS

WIDTHS = (32, 64, 128, 256, 512)  # by level; the paper does not state them: these give its total of 14.8 M


def _level(inputs: int, outputs: int, normalised: bool) -> nn.Sequential:
    layers: list[nn.Module] = []
    for channels in (inputs, outputs):
        layers.append(nn.Conv2d(channels, outputs, 3, padding=1))
        layers += [nn.BatchNorm2d(outputs)] if normalised else []
        layers.append(nn.ReLU(inplace=True))
    return nn.Sequential(*layers)


class ParsingNet(nn.Module):
    """Maps pictures to one logit per class and pixel: N x 3 x H x W to N x 11 x H x W, H and W multiples of 16.

    widths: channels by level, five of them; each but the first is twice the one before. normalised: batch
    normalisation after every 3x3 convolution, with which it learns twice as fast (training/README.md).
    """

    def __init__(self, widths: Sequence[int] = WIDTHS, normalised: bool = False) -> None:
        super().__init__()
        inputs = (3, *widths[:-1])
        self.down = nn.ModuleList(_level(i, o, normalised) for i, o in zip(inputs, widths, strict=True))
        wide = widths[:0:-1]  # from the coarsest level up
        self.up = nn.ModuleList(nn.ConvTranspose2d(width, width // 2, 2, stride=2) for width in wide)
        self.decode = nn.ModuleList(_level(width, width // 2, normalised) for width in wide)
        self.last = nn.Conv2d(widths[0], len(LABELS), 1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):  # torch's own initialisation shrinks the signal at every layer
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
                nn.init.zeros_(module.bias)  # type: ignore[arg-type]

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the logits; their softmax over the classes is the maps p of eq. 2."""
        x = (pictures - 0.5).contiguous(memory_format=torch.channels_last)
        skips: list[Tensor] = []
        for level, encode in enumerate(self.down):
            x = encode(F.max_pool2d(x, 2) if level else x)
            skips.append(x)
        skips.pop()
        for up, decode in zip(self.up, self.decode, strict=True):
            x = decode(torch.cat([skips.pop(), up(x)], dim=1))
        logits: Tensor = self.last(x)
        return logits
