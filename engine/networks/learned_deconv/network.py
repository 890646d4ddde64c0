"""The unrolled blind deconvolution: scales of stages find the kernel; a final deconvolution restores the photo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from engine.kernels.deconvolution import deconvolve
from engine.kernels.estimation import cleaned, smallest
from engine.kernels.field import deconvolve_field
from engine.kernels.kernel import Kernel
from engine.kernels.kernel_field import KernelField
from engine.kernels.moving import centred_exactly
from engine.kernels.noise import noise_level
from engine.kernels.varying import varying_field
from engine.networks.learned_deconv.choosing import flat, strongest_window
from engine.networks.learned_deconv.local import telling_windows
from engine.networks.learned_deconv.quotient import BETA_KERNEL, Border, image_quotient, normalised
from engine.networks.learned_deconv.scales import ScaleNetwork, shrunk, shrunk_kernel
from engine.networks.learned_deconv.stage import Layout
from engine.networks.learned_deconv.windows import Window
from engine.networks.luma import luma_of
from engine.networks.network import DeblurringNetwork, Prepared

WINDOW = 512  # px, side of the part of a photo that the kernel is estimated from (larger is better: Fig. 19)
SHARPENED_FROM = 33  # px: kernels of this size come out too smooth (section 6)
SHARPENED_BY = 0.5  # px, standard deviation of the Gaussian that is deconvolved from them
SHARPENED_BETA = 1e-2
# share of the maximum, share of the mass: smaller values are the network's uncertainty, not part of the path
FAINT, SPECK = 0.2, 0.05


class LearnedDeconv(DeblurringNetwork):
    """Scales of stages (sections 3.1 and 3.2); the default is the triple-stage network of section 6.

    scales: kernel sizes in px, odd, coarsest first. stages: of each scale (Fig. 3). gradients: number of the
    gradient-like images x_i, and of the y_i, of each stage (Fig. 5). smoothness: of the final deconvolution, times
    the prior for a true kernel. Errors of the kernel cause ringing; the longer a network was trained, the less
    smoothness it needs.
    The others: see `Layout`.
    """

    def __init__(
        self,
        scales: Sequence[int] = (17, 25, 33),
        stages: int = 3,
        filters: int = 32,
        hidden: int = 2,
        filter_size: int = 9,
        gradients: Sequence[int] = (2, 2, 4),
        window: Window = "bartlett-hann",
        border: Border = "extended",
        fixed_gradients: bool = False,
        kernel_beta: float = BETA_KERNEL,
        smoothness: float = 1.0,
    ) -> None:
        super().__init__()
        layout = Layout(filters, hidden, filter_size, window, border, fixed_gradients, kernel_beta)
        self.sizes = tuple(scales)
        self.smoothness = smoothness
        self.scales = nn.ModuleList(
            ScaleNetwork(size, stages, gradients, led=i > 0, layout=layout) for i, size in enumerate(scales)
        )

    @property
    def _networks(self) -> list[ScaleNetwork]:
        return cast("list[ScaleNetwork]", list(self.scales))

    def estimate(self, luma: Tensor, depth: int | None = None, stages: int | None = None) -> list[list[Tensor]]:
        """Estimate the kernel of N x 1 x H x W: N x 1 x k x k for each scale, coarsest first, and for each stage.

        depth: how many scales (None: all); the last one works at the size of `luma`, so its kernel is that of the
        picture. stages: how many stages of the last scale (None: all), for training one after another.
        """
        depth = len(self.scales) if depth is None else depth
        luma = luma - luma.mean((-2, -1), keepdim=True)
        estimates: list[list[Tensor]] = []
        latent = None
        for index in range(depth):
            scale = self._networks[index]
            last = index == depth - 1
            blurred = shrunk(luma, self.sizes[index], self.sizes[depth - 1])
            estimates.append(scale(blurred, latent, stages if last else None))
            if not last:
                latent = scale.restored(blurred, estimates[-1][-1])
        return estimates

    def kernel_target(self, kernel: Tensor, scale: int, depth: int | None = None) -> Tensor:
        """Return the target of `estimate(..., depth)[scale]` for the true kernels, N x 1 x K x K: sum 1."""
        depth = len(self.scales) if depth is None else depth
        return shrunk_kernel(kernel, self.sizes[scale], self.sizes[depth - 1])

    def forward(self, blurred: Tensor) -> Tensor:
        """Estimate the kernel from the luma and invert it on all channels by the last image quotient (eq. 5).

        Differentiable in every parameter. A photo gets the better deconvolution of `restore`.
        """
        kernel = self.kernels(blurred)
        mean = blurred.mean((-2, -1), keepdim=True)
        return self._networks[-1].restored(blurred - mean, kernel) + mean

    def kernels(self, blurred: Tensor) -> Tensor:
        """Return the kernels of the last scale and stage."""
        return self.estimate(luma_of(blurred))[-1][-1]

    def compilable(self) -> list[nn.Module]:
        """Return only the features: inductor generates no code for the complex numbers of the quotient layers."""
        return [stage.features for scale in self._networks for stage in scale.steps]

    @torch.no_grad()
    def prepare(self, picture: Tensor, tiled: bool) -> Prepared:
        """Estimate the kernel at the photo's (3 x H x W) strongest edges, and centre it on its mass.

        If windows all over the photo show a camera rotation, estimate the kernel field too (section 6.3). The noise
        is measured once, so that every tile is restored equally strongly.
        """
        del tiled
        whole = luma_of(picture[None])
        top, left = strongest_window(whole[0, 0], WINDOW)
        part = whole[..., top : top + WINDOW, left : left + WINDOW]
        kernel = self._kernel(part.to(self.device))
        noise = noise_level(picture.permute(1, 2, 0).numpy())
        if kernel.size == 1:
            return Prepared(kernel, noise)
        return Prepared(smallest(centred_exactly(Kernel(kernel)).values), noise, self._field(whole))

    def _field(self, whole: Tensor) -> KernelField | None:
        """Return the field of 1 x 1 x H x W luma, None if the blur does not vary."""
        windows = telling_windows(whole[0, 0], self.sizes[-1])
        parts = (whole[..., top : top + side, left : left + side] for top, left, side in windows)
        kernels = [Kernel(self._kernel(part.to(self.device))) for part in parts]
        centres = np.array([(left + (side - 1) / 2, top + (side - 1) / 2) for top, left, side in windows])
        return varying_field(kernels, centres, (whole.shape[-2], whole.shape[-1]))

    def _kernel(self, part: Tensor) -> np.ndarray:
        """Return the kernel, k x k, of 1 x 1 x H x W luma; one of 1 px if the luma shows no blur."""
        if flat(part[0, 0]):
            return np.ones((1, 1), np.float32)
        kernel = self.estimate(part)[-1][-1]
        kernel = sharpened(kernel) if kernel.shape[-1] >= SHARPENED_FROM else kernel
        values = cleaned(kernel[0, 0].float().cpu().numpy(), FAINT, SPECK)
        return np.asarray(values / values.sum(), np.float32)

    def restore(self, tiles: Tensor, prepared: Prepared) -> Tensor:
        """Deconvolve tiles under a hyper-Laplacian prior with the photo's kernel, or kernel field, and noise."""
        if prepared.kernel is None:
            return self(tiles)
        pixels = tiles.detach().float().cpu().permute(0, 2, 3, 1).numpy()
        restored = np.stack([self._restored(tile, prepared) for tile in pixels])
        return torch.from_numpy(restored).permute(0, 3, 1, 2).to(tiles)

    def _restored(self, tile: np.ndarray, prepared: Prepared) -> np.ndarray:
        """Deconvolve an h x w x 3 tile; use efficient filter flow if the blur varies."""
        assert prepared.kernel is not None
        noise, field = prepared.state, prepared.field
        if field is None:
            return deconvolve(tile, Kernel(prepared.kernel), noise, smoothness=self.smoothness)
        return deconvolve_field(tile, field, noise, smoothness=self.smoothness, corner=prepared.corner)


def sharpened(kernel: Tensor) -> Tensor:
    """Deconvolve N x 1 x k x k by a small Gaussian: the squared error makes large kernels too smooth (section 6)."""
    size = kernel.shape[-1]
    grid = torch.arange(size, dtype=kernel.dtype, device=kernel.device) - size // 2
    bell = torch.exp(-(grid**2) / (2 * SHARPENED_BY**2))
    gaussian = bell[:, None] * bell
    return normalised(image_quotient(kernel, (gaussian / gaussian.sum())[None, None], SHARPENED_BETA))
