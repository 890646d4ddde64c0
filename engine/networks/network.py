"""The base class of every network: the interface for training, and for photos in tiles."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.kernels.kernel_field import KernelField
from engine.networks.views import View


@dataclass(frozen=True)
class Prepared:
    """What a network computes from the whole picture before it gets the tiles.

    kernel: the blur kernel (h x w, odd, sums to 1) if the method yields one, else None.
    state: anything that its `restore` needs (statistics, guidance, the kernel as a tensor).
    field: the kernels of the picture's cells if the method finds that the blur varies, else None.
    corner: (top, left) px, in the picture, of the tiles that `restore` gets; the caller sets it.
    """

    kernel: np.ndarray | None = None
    state: Any = None
    field: KernelField | None = None
    corner: tuple[int, int] = (0, 0)


class DeblurringNetwork(nn.Module, ABC):
    """Restores blurred pictures: N x 3 x H x W in [0, 1], encoded (display-referred) values.

    `forward` is the differentiable whole, for training (recipes may use the parts instead). `prepare` gets the whole
    picture once; `restore` then gets its tiles, all of one size, in batches.
    """

    @abstractmethod
    def forward(self, blurred: Tensor) -> Tensor:
        """Return the restored pictures, of the shape of `blurred`."""

    def prepare(self, picture: Tensor, tiled: bool) -> Prepared:
        """Prepare for a whole picture, 3 x H x W float32 on the CPU. tiled: it will be passed in tiles."""
        del picture, tiled
        return Prepared()

    def restore(self, tiles: Tensor, prepared: Prepared) -> Tensor:
        """Restore N x 3 x h x w tiles at one position of the prepared picture, on the network's device."""
        del prepared
        return self(tiles)

    @torch.no_grad()
    def as_photos(self, blurred: Tensor) -> Tensor:
        """Return the N x 3 x H x W pictures restored like photos, one by one; `forward` may be less exact."""
        pictures = (self.restore(one[None], self.prepare(one.cpu(), tiled=False)) for one in blurred)
        return torch.cat(list(pictures))

    def for_view(self, view: View) -> DeblurringNetwork:
        """Return what restores the picture in another view; a network that holds something of a photo turns it."""
        del view
        return self

    def kernels(self, blurred: Tensor) -> Tensor | None:
        """Return the N x 1 x k x k kernels that the network estimates for pictures, or None if it estimates none."""
        del blurred
        return None

    def compilable(self) -> list[nn.Module]:
        """Return the parts for torch.compile: everything that recipes call besides `forward`."""
        return [self]

    @property
    def device(self) -> torch.device:
        """The device of the parameters."""
        return next(self.parameters()).device
