"""DeepDeblur: aligned faces of 112 x 96, squared error, TV and the facial loss (Wang et al. 2017, section 3.3)."""

from __future__ import annotations

import logging
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from engine.faces.alignment import DEEPDEBLUR
from engine.faces.embedding.network import load_embedding
from engine.weights import WeightsError
from training.batches import Batch
from training.degradation import CAMERA_SHAKE, Degradation
from training.losses.features import EmbeddingView, facial
from training.losses.pixels import l2, total_variation
from training.recipe import Objective, Recipe, Stage, staircase

log = logging.getLogger(__name__)

# alpha and beta: the paper says a ratio near 1 (Fig. 9) and prints neither; small against the squared error.
TV_WEIGHT = 1e-4
FACIAL_WEIGHT = 1e-3


class FacialObjective(Objective):
    """L2 + alpha TV + beta facial (eq. 8); without an installed face embedding the facial term is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.view = EmbeddingView(DEEPDEBLUR)
        self.embedding: nn.Module | None = None
        try:
            self.embedding = load_embedding()
        except WeightsError as error:
            log.warning("trained without the facial loss: %s", error)

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the three losses, weighted."""
        restored = network(batch.blurred).float()
        losses = {"l2": l2(restored, batch.sharp), "tv": TV_WEIGHT * total_variation(restored)}
        if self.embedding is not None:
            phi = self.embedding
            losses["facial"] = FACIAL_WEIGHT * facial(restored, batch.sharp, lambda x: phi(self.view(x)))
        return losses


def rmsprop(parameters: Iterable[nn.Parameter], learning_rate: float) -> torch.optim.Optimizer:
    """RMSProp (section 4.1)."""
    return torch.optim.RMSprop(parameters, learning_rate)


RECIPE = Recipe(
    method="deepdeblur",
    stages=(
        Stage(
            "restore",
            1.0,
            FacialObjective,
            crop=(DEEPDEBLUR.height, DEEPDEBLUR.width),
            batch=64,
            learning_rate=1e-3,
            optimiser=rmsprop,
            schedule=staircase(0.05, 0.85),
        ),
    ),
    degradation=Degradation(families=CAMERA_SHAKE, largest=27, read_noise=(0.0, 0.015), linear=0.2, jpeg=0.1),
    target=1_000_000,
    fit=136,  # px: a roughly aligned head (FFHQ, CelebA-HQ) has the template's distance between the eyes then
    leaves_out=("flickr-portraits", "web-faces", "ai-portraits"),  # not aligned
    judge=(112, 96),
)
