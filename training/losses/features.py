"""Losses in the feature space of a network that knows faces (Wang 2017, eq. 7; Shen 2020, eq. 8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.faces.alignment import inverse, similarity
from engine.faces.templates import EMBEDDING, Template


def facial(restored: Tensor, sharp: Tensor, phi: Callable[[Tensor], Tensor]) -> Tensor:
    """Return ||phi(x^) - phi(x)||^2 (Wang 2017, eq. 7), a mean over the batch.

    phi: N x 3 x H x W to N x D, differentiable and frozen; no gradient reaches the sharp side.
    """
    with torch.no_grad():
        target = phi(sharp)
    return (phi(restored) - target).square().sum(dim=1).mean()


def perceptual(restored: Tensor, sharp: Tensor, phi: Callable[[Tensor], Sequence[Tensor]]) -> Tensor:
    """Return sum_l ||phi_l(y) - phi_l(y_GT)||_1 (Shen 2020, eq. 8), each a mean over the layer's values.

    phi: pictures to the activations of some layers; no gradient reaches the sharp side.
    """
    with torch.no_grad():
        targets = phi(sharp)
    differences = [F.l1_loss(ours, theirs) for ours, theirs in zip(phi(restored), targets, strict=True)]
    return torch.stack(differences).sum()


class EmbeddingView(nn.Module):
    """Shows the face embedding a crop that is aligned by another template, differentiably.

    N x 3 x H x W crops of `template` to N x 3 x 112 x 112 of the embedding's, linear interpolation. What lies
    beyond the crop is its reflection, as in `engine.faces.alignment.align`.
    """

    grid: Tensor

    def __init__(self, template: Template) -> None:
        super().__init__()
        to_crop = inverse(similarity(template.points, EMBEDDING.points))
        rows, columns = torch.meshgrid(torch.arange(EMBEDDING.height), torch.arange(EMBEDDING.width), indexing="ij")
        pixels = torch.stack([columns, rows, torch.ones_like(rows)], dim=-1).double()
        points = pixels @ torch.from_numpy(to_crop).T
        scale = torch.tensor([template.width - 1, template.height - 1])
        self.register_buffer("grid", (2 * points / scale - 1).float(), persistent=False)

    def forward(self, crops: Tensor) -> Tensor:
        """Return the crops as the embedding wants them."""
        grid = self.grid.expand(len(crops), -1, -1, -1)
        return F.grid_sample(crops.float(), grid, padding_mode="reflection", align_corners=True)
