"""Instance normalisation whose statistics can be measured once for a whole photo and then reused.

Instance statistics describe one picture (paper, eq. 2). A tile differs from the picture: normalised by its own mean
and variance, it would have another tone than its neighbour. So a photo is processed twice: a sample of it *records*
the statistics of every layer, then every tile is normalised with those same numbers. No difference between tiles
remains.
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
        """Normalise N x C x H x W, by its own statistics or by the recorded ones."""
        if self.held is None:
            return F.instance_norm(x, weight=self.weight, bias=self.bias, eps=self.eps)
        mean, variance = self.held
        if self.recording:
            for into, number in zip((mean, variance), measured(x, self.margin), strict=True):
                into.copy_(number.flatten())
        return F.batch_norm(x, mean, variance, self.weight, self.bias, eps=self.eps)


def measured(x: Tensor, margin: int) -> tuple[Tensor, Tensor]:
    """Return mean and variance of each channel of a batch, 1 x C x 1 x 1, without `margin` px around each picture."""
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
    """Record statistics: within this context, one forward pass of a batch fills them, over the whole batch.

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
    """Use recorded statistics: within this context, every instance norm that has some uses those."""
    found = norms(network)
    for name, norm in found.items():
        norm.held = statistics.get(name)
    try:
        yield
    finally:
        for norm in found.values():
            norm.held = None
