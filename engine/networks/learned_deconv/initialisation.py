"""Initial weights: every stage starts as an edge detector, so that the first kernels are not noise.

The classical scheme (section 3.1.1) takes gradients of the blurred picture as y_i and sharpened gradients as x_i. So
one half of the filters starts as derivatives of Gaussians with a small gain, for which tanh is linear; they give the
y_i. The other half starts as local contrast around a point near the centre, with a gain that saturates tanh and
sharpens edges (Figs. 9 and 10). The difference of two opposite filters is the gradient of a sharpened picture; these
give the x_i.

The constants come from a scan of the untrained squared error (64 kernels of 17 px, crops of 96 px, 1 % noise). It is
0.053 after one stage and 0.047 after three; random weights have 0.062, and the mean kernel has 0.045.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

WIDTHS = (1.5, 2.0)  # px, standard deviations of the Gaussians
OFFSET = 0.5  # px
LINEAR, SATURATING = 1.0, 30.0  # gains; edges of a blurred photo are about 0.02 to 0.2 per px
NOISE = 0.01  # share of random weights added on top, so that no two filters stay equal


@torch.no_grad()
def start_as_edge_detector(convolution: nn.Conv2d, recombinations: list[nn.Module], gradients: int) -> None:
    """Set the filters and recombinations of a stage; the last recombination starts with the x_i."""
    filters, inputs, size, _ = convolution.weight.shape
    angles = torch.arange(filters).div(2, rounding_mode="floor") * (2 * math.pi / max(filters // 2, 1))
    saturating = torch.arange(filters) % 2 == 1
    nn.init.normal_(convolution.weight, std=NOISE / size)
    for j in range(filters):
        source = inputs - 1 if saturating[j] else 0  # the x_i use the latent image if there is one
        kind, gain = (_contrast, SATURATING) if saturating[j] else (_derivative, LINEAR)
        convolution.weight[j, source] += gain * kind(float(angles[j]), WIDTHS[(j // 2) % 2], size)
    for recombination in recombinations:
        nn.init.normal_(recombination.weight, std=NOISE / math.sqrt(filters))  # type: ignore[arg-type]
    for recombination in recombinations[:-1]:
        recombination.weight += torch.eye(filters)[..., None, None]  # type: ignore[operator]
    _aim(recombinations[-1].weight, angles, saturating, gradients)  # type: ignore[arg-type]


def _derivative(angle: float, sigma: float, size: int) -> Tensor:
    """Return the derivative of a Gaussian along a direction: size x size, absolute values sum to 1."""
    along, bell = _gaussian(angle, 0.0, sigma, size)
    kernel = along * bell
    return kernel / kernel.abs().sum().clamp(min=1e-6)


def _contrast(angle: float, sigma: float, size: int) -> Tensor:
    """Return a Gaussian one pixel off the centre along a direction, minus the local mean: size x size."""
    _, bell = _gaussian(angle, OFFSET, sigma, size)
    return bell / bell.sum() - 1 / size**2


def _gaussian(angle: float, offset: float, sigma: float, size: int) -> tuple[Tensor, Tensor]:
    """Return the coordinate along a direction and a Gaussian `offset` px from the centre, each size x size."""
    grid = torch.arange(size, dtype=torch.float32) - size // 2
    along = math.cos(angle) * grid + math.sin(angle) * grid[:, None] - offset
    across = math.cos(angle) * grid[:, None] - math.sin(angle) * grid
    return along, torch.exp(-(along**2 + across**2) / (2 * sigma**2))


def _aim(weight: Tensor, angles: Tensor, saturating: Tensor, gradients: int) -> None:
    """Let each x_i and y_i sum the filters along its own direction: 0, 90, then 45 and 135 degrees."""
    for output in range(len(weight)):
        index = output % gradients
        direction = (index % 2) * math.pi / 2 + (index // 2) * math.pi / 4
        members = saturating if output < gradients else ~saturating
        weight[output, :, 0, 0] += members * torch.cos(angles - direction) * (2 / len(angles))
