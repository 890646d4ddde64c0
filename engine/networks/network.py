"""The base of every network: how it is trained, and how it meets a photo that comes in tiles."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.kernels.kernel_field import KernelField


@dataclass(frozen=True)
class Prepared:
    """What a network learns from the whole picture before it sees the tiles.

    kernel: the blur kernel (h x w, odd, sums to 1) where the method yields one, else None.
    state: anything its `restore` needs (statistics, guidance, the kernel as a tensor).
    field: the kernels of the picture's cells where the method finds that the blur varies, else None.
    corner: (top, left) px, in the picture, of the tiles that `restore` gets; whoever runs the network sets it.
    """

    kernel: np.ndarray | None = None
    state: Any = None
    field: KernelField | None = None
    corner: tuple[int, int] = (0, 0)


class DeblurringNetwork(nn.Module, ABC):
    """Blurred pictures in, sharp ones out; N x 3 x H x W in [0, 1], encoded (display-referred) values.

    `forward` is the differentiable whole: what training calls (recipes may use the parts instead).
    `prepare` sees the whole picture once, `restore` then gets its tiles, all of one size, in batches.
    """

    @abstractmethod
    def forward(self, blurred: Tensor) -> Tensor:
        """Return the restored pictures, of the shape of `blurred`."""

    def prepare(self, picture: Tensor, tiled: bool) -> Prepared:
        """Look at a whole picture, 3 x H x W float32 on the CPU; `tiled` says that it will come in tiles."""
        del picture, tiled
        return Prepared()

    def restore(self, tiles: Tensor, prepared: Prepared) -> Tensor:
        """Restore N x 3 x h x w tiles at one place of the prepared picture, on the network's device."""
        del prepared
        return self(tiles)

    @torch.no_grad()
    def as_photos(self, blurred: Tensor) -> Tensor:
        """Return the N x 3 x H x W pictures as photos come out, one by one; `forward` may make less of them."""
        pictures = (self.restore(one[None], self.prepare(one.cpu(), tiled=False)) for one in blurred)
        return torch.cat(list(pictures))

    def kernels(self, blurred: Tensor) -> Tensor | None:
        """Return the N x 1 x k x k kernels that the network sees in pictures, or None if it sees none."""
        del blurred
        return None

    def compilable(self) -> list[nn.Module]:
        """Return the parts that torch.compile makes faster; what a recipe calls besides `forward` must be in them."""
        return [self]

    @property
    def device(self) -> torch.device:
        """The device that holds the parameters."""
        return next(self.parameters()).device
