"""A stage: a small convolutional network gives features, these give the kernel, that gives the picture (Fig. 1)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.learned_deconv.initialisation import start_as_edge_detector
from engine.networks.learned_deconv.quotient import BETA_KERNEL, Border, ImageQuotient, kernel_quotient, normalised
from engine.networks.learned_deconv.windows import Window, windowed


@dataclass(frozen=True)
class Layout:
    """Settings that all stages share; the values are the paper's ablations.

    filters: of the convolution, and hidden images after it (Fig. 4). hidden: tanh layers, each with a 1x1
    recombination after it (Fig. 4). filter_size: px, odd; the paper does not state it. window: see `windowed`.
    border: see `ImageQuotient`.
    fixed_gradients: the y_i are plain differences of the blurred picture, not learned (Fig. 5).
    kernel_beta: beta_k of eq. 3.
    """

    filters: int = 32
    hidden: int = 2
    filter_size: int = 9
    window: Window = "bartlett-hann"
    border: Border = "extended"
    fixed_gradients: bool = False
    kernel_beta: float = BETA_KERNEL


class FeatureExtraction(nn.Module):
    """x_i and y_i: sums of tanh of filtered pictures, the same filters for both (eq. 2), stacked `hidden` times.

    As in the paper there are no biases: a picture and its negative have the same kernel, and a flat one has no
    features.
    """

    def __init__(self, inputs: int, gradients: int, layout: Layout) -> None:
        super().__init__()
        self.gradients, self.fixed = gradients, layout.fixed_gradients
        filters, size = layout.filters, layout.filter_size
        self.convolution = nn.Conv2d(inputs, filters, size, padding=size // 2, padding_mode="replicate", bias=False)
        outputs = gradients if self.fixed else 2 * gradients
        widths = [filters] * layout.hidden + [outputs]
        self.recombinations = nn.ModuleList(
            nn.Conv2d(before, after, 1, bias=False) for before, after in pairwise(widths)
        )
        start_as_edge_detector(self.convolution, list(self.recombinations), gradients)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Map N x inputs x H x W (the blurred picture first) to x_i and y_i, each N x gradients x H x W."""
        hidden = self.convolution(pictures)
        for recombination in self.recombinations:
            hidden = recombination(hidden.tanh())
        if self.fixed:
            return hidden, _differences(pictures[:, :1], self.gradients)
        return hidden[:, : self.gradients], hidden[:, self.gradients :]


def _differences(picture: Tensor, count: int) -> Tensor:
    """Return differences along x, y, x, ... of N x 1 x H x W: N x count x H x W."""
    padded = F.pad(picture, (0, 1, 0, 1), mode="replicate")
    across = padded[..., :-1, 1:] - picture
    down = padded[..., 1:, :-1] - picture
    return torch.cat([(across, down)[i % 2] for i in range(count)], 1)


class Stage(nn.Module):
    """One iteration: pictures to kernel; `image` then gives the latent image for that kernel.

    inputs: 1 (the blurred picture) or 2 (and the current latent image). gradients: number of x_i, and of y_i.
    size: side of the kernel in px, odd.
    """

    def __init__(self, inputs: int, gradients: int, size: int, layout: Layout) -> None:
        super().__init__()
        self.size, self.window, self.beta = size, layout.window, layout.kernel_beta
        self.features = FeatureExtraction(inputs, gradients, layout)
        self.image = ImageQuotient(layout.border)

    def forward(self, pictures: Tensor) -> Tensor:
        """Map N x inputs x H x W, of zero mean, to the kernel, N x 1 x size x size (eqs. 2 to 4)."""
        sharp, blurred = (windowed(f, self.window, self.size) for f in self.features(pictures))
        return normalised(kernel_quotient(sharp, blurred, self.size, self.beta))
