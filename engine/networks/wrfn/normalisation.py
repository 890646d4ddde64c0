"""Instance normalisation whose statistics can be taken once for a whole photo and then held.

Instance statistics are those of one picture (paper, eq. 2). A tile is not the picture: normalised by
its own mean and variance it would come out in another tone than its neighbour. So a photo that is
restored in tiles is met twice: a sample of it *records* the statistics of every layer, and every tile is
then normalised with those same numbers, which leaves nothing that could differ from tile to tile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Statistics = dict[str, tuple[Tensor, Tensor]]


class InstanceNorm(nn.Module):
    """IN(x) = weight (x - mean) / sigma + bias, per picture and channel (eq. 2)."""

    def __init__(self, channels: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.eps = eps
        self.held: tuple[Tensor, Tensor] | None = None
        self.recording = False
        self.margin = 0  # px along the border that are not recorded

    def forward(self, x: Tensor) -> Tensor:
        """Normalise N x C x H x W, by its own statistics or by those that are held."""
        if self.held is None:
            return F.instance_norm(x, weight=self.weight, bias=self.bias, eps=self.eps)
        mean, variance = self.held
        if self.recording:
            for into, number in zip((mean, variance), measured(x, self.margin), strict=True):
                into.copy_(number.flatten())
        return F.batch_norm(x, mean, variance, self.weight, self.bias, eps=self.eps)


def measured(x: Tensor, margin: int) -> tuple[Tensor, Tensor]:
    """Return mean and variance of each channel of a batch, 1 x C x 1 x 1, without a margin in px of each picture."""
    if margin and min(x.shape[-2:]) > 2 * margin:
        x = x[..., margin:-margin, margin:-margin]
    x = x.float()
    mean = x.mean(dim=(0, 2, 3), keepdim=True)
    return mean, ((x - mean) ** 2).mean(dim=(0, 2, 3), keepdim=True)


def norms(network: nn.Module) -> dict[str, InstanceNorm]:
    """Return the instance norms of a network by their names."""
    return {name: m for name, m in network.named_modules() if isinstance(m, InstanceNorm)}


@contextmanager
def recorded(network: nn.Module, margin: int = 0) -> Iterator[Statistics]:
    """Within this, one forward pass of a batch fills the statistics, taken over the batch jointly.

    margin: px along the border of each picture that do not count.
    """
    found = norms(network)
    statistics: Statistics = {
        name: (torch.zeros_like(norm.weight), torch.ones_like(norm.weight)) for name, norm in found.items()
    }
    with held(network, statistics):
        for norm in found.values():
            norm.recording, norm.margin = True, margin
        try:
            yield statistics
        finally:
            for norm in found.values():
                norm.recording = False


@contextmanager
def held(network: nn.Module, statistics: Statistics) -> Iterator[None]:
    """Within this, every instance norm that statistics are given for uses those."""
    found = norms(network)
    for name, norm in found.items():
        norm.held = statistics.get(name)
    try:
        yield
    finally:
        for norm in found.values():
            norm.held = None
