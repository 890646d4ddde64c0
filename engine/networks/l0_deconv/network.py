"""A network without parameters: it finds the kernel from the photo's edges and deconvolves the photo by it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from engine.kernels.blind import SMOOTHNESS
from engine.kernels.deconvolution import deconvolve, noise_by_found_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.shaken import shaken_kernels
from engine.kernels.trust import no_blur
from engine.networks.network import DeblurringNetwork, Prepared


class L0Deconvolution(DeblurringNetwork):
    """Restores N x 3 x H x W of any size, on the CPU. There is nothing to train.

    known: the kernel, if it is known already. noise: the photo's, if it was measured already.
    """

    def __init__(self, known: Kernel | None = None, noise: float | None = None) -> None:
        super().__init__()
        self.known, self.noise = known, noise

    def forward(self, blurred: Tensor) -> Tensor:
        """Restore each picture by its own kernel; no gradient passes."""
        each = [self.restore(picture[None], self.prepare(picture, tiled=False)) for picture in blurred]
        return torch.cat(each)

    def kernels(self, blurred: Tensor) -> Tensor:
        """Return the kernels, each centred in a square of the largest size."""
        found = [self.prepare(picture, tiled=False).kernel for picture in blurred]
        side = max(len(kernel) for kernel in found if kernel is not None)
        padded = [np.pad(kernel, (side - len(kernel)) // 2) for kernel in found if kernel is not None]
        return torch.from_numpy(np.stack(padded)[:, None])

    @property
    def device(self) -> torch.device:
        """The device that it computes on."""
        return torch.device("cpu")

    def prepare(self, picture: Tensor, tiled: bool) -> Prepared:
        """Find the kernel and the noise of the whole photo, so that every tile is restored equally strongly.

        The kernel is centred exactly on its mass, so that the result aligns with the photo.
        """
        del tiled
        pixels = _pixels(picture)
        kernel = self.known
        if kernel is None:
            found = shaken_kernels(pixels)
            kernel = found[0].kernel if found else no_blur()  # no edges: nothing tells of a blur
        return Prepared(kernel.values, noise_by_found_kernel(pixels, self.noise))

    def restore(self, tiles: Tensor, prepared: Prepared) -> Tensor:
        """Deconvolve tiles under a hyper-Laplacian prior (Krishnan and Fergus 2009)."""
        assert prepared.kernel is not None
        kernel = Kernel(prepared.kernel)
        restored = [deconvolve(_pixels(tile), kernel, prepared.state, smoothness=SMOOTHNESS) for tile in tiles]
        return torch.from_numpy(np.stack(restored)).permute(0, 3, 1, 2).to(tiles)


def _pixels(picture: Tensor) -> np.ndarray:
    """Map C x H x W to H x W x C, float32, on the CPU."""
    return np.ascontiguousarray(picture.detach().float().cpu().permute(1, 2, 0).numpy())
