"""The adversarial loss of Shen 2020 (eq. 9, 10) and its discriminator."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

WIDTHS = (64, 128, 256, 512, 512)


class Discriminator(nn.Module):
    """Is a face real? Six strided convolutions 4x4 with ReLU (after DCGAN, Radford et al. 2016), no normalisation.

    N x 3 x H x W in [0, 1], H and W multiples of 64 (the paper: 128), to N logits: their sigmoid is D(y).
    """

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in zip((3, *WIDTHS[:-1]), WIDTHS, strict=True):
            layers += [nn.Conv2d(inputs, outputs, 4, stride=2, padding=1), nn.ReLU(inplace=True)]
        self.layers = nn.Sequential(*layers, nn.Conv2d(WIDTHS[-1], 1, 4, stride=2, padding=1))

    def forward(self, pictures: Tensor) -> Tensor:
        """Return one logit a picture."""
        patches: Tensor = self.layers(2 * pictures - 1)
        return patches.mean(dim=(1, 2, 3))


def generator_loss(fake: Tensor) -> Tensor:
    """Return -log D(y), a mean over the N logits of restored pictures (eq. 10)."""
    return F.softplus(-fake).mean()


def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """Return -log D(y_GT) - log(1 - D(y)), what the discriminator minimises (eq. 9)."""
    return F.softplus(-real).mean() + F.softplus(fake).mean()
