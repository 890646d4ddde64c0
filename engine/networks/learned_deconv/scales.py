"""Coarse to fine: one network per scale, each for kernels of one size in px of its scale (section 3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.learned_deconv.quotient import normalised
from engine.networks.learned_deconv.stage import Layout, Stage


class ScaleNetwork(nn.Module):
    """The stages of one scale. gradients: number of x_i (and of y_i) per stage; the last number repeats.

    led: whether the first stage also gets the latent image of the coarser scale.
    """

    def __init__(self, size: int, stages: int, gradients: Sequence[int], led: bool, layout: Layout) -> None:
        super().__init__()
        self.size = size
        counts = [gradients[min(i, len(gradients) - 1)] for i in range(stages)]
        self.stages = nn.ModuleList(
            Stage(2 if led or i else 1, count, size, layout) for i, count in enumerate(counts)
        )

    @property
    def steps(self) -> list[Stage]:
        """The stages with their type."""
        return cast("list[Stage]", list(self.stages))

    def forward(self, blurred: Tensor, latent: Tensor | None, stages: int | None = None) -> list[Tensor]:
        """Map N x 1 x H x W (and the coarser scale's latent image, any size) to the kernels of the first `stages`."""
        kernels: list[Tensor] = []
        wanted = self.steps[:stages]
        if latent is not None:
            latent = resized(latent, *blurred.shape[-2:])
        for i, stage in enumerate(wanted):
            if kernels:
                latent = wanted[i - 1].image(blurred, kernels[-1])
            pictures = [blurred] if latent is None else [blurred, latent]
            kernels.append(stage(torch.cat(pictures, 1)))
        return kernels

    def restored(self, blurred: Tensor, kernel: Tensor) -> Tensor:
        """Map N x C x H x W of zero mean to the latent image, by the last stage's image quotient."""
        return self.steps[-1].image(blurred, kernel)


def resized(picture: Tensor, height: int, width: int) -> Tensor:
    """Return N x C x height x width, by cubic interpolation without aliasing."""
    if picture.shape[-2:] == (height, width):
        return picture
    return F.interpolate(picture, (height, width), mode="bicubic", antialias=True)


def shrunk(picture: Tensor, size: int, largest: int) -> Tensor:
    """Return N x C x H x W at the scale at which a kernel of `largest` px has `size` px."""
    height, width = (max(1, round(side * size / largest)) for side in picture.shape[-2:])
    return resized(picture, height, width)


def shrunk_kernel(kernel: Tensor, size: int, largest: int) -> Tensor:
    """Return N x 1 x K x K kernels at the scale at which `largest` px are `size` px: N x 1 x size x size, sum 1.

    Kernels of another size are first cropped or padded with zeros around their centre to `largest` px.
    """
    beyond = (largest - kernel.shape[-1]) // 2
    kernel = F.pad(kernel, (beyond, beyond, beyond, beyond))
    if size != largest:
        kernel = F.interpolate(kernel, (size, size), mode="bilinear", antialias=True)
    return normalised(kernel)
