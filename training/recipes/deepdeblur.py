"""DeepDeblur: aligned faces of 112 x 96, squared error, TV and the facial loss (Wang et al. 2017, section 3.3)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial

import torch
from torch import Tensor, nn

from engine.faces.embedding.network import load_embedding
from engine.networks.deepdeblur import TEMPLATE
from engine.weights import WeightsError
from resources import resource
from training.batches import Batch
from training.degradation import CAMERA_SHAKE, Degradation, plain
from training.losses.features import EmbeddingView, facial
from training.losses.pixels import l2, total_variation
from training.recipe import Ablations, Change, Objective, Recipe, TrainingStage, changed, staircase

log = logging.getLogger(__name__)

# alpha and beta: the paper says a ratio near 1 (Fig. 9), but states neither of them nor the scale of the two losses.
# Ours are means; squared differences of neighbours are about 2e-3 in a face, so that TV has little effect.
TV_WEIGHT = 1e-4
FACIAL_WEIGHT = 1e-3


class FacialObjective(Objective):
    """L2 + alpha TV + beta facial (eq. 8); without an installed face embedding the facial term is left out.

    tv: alpha. facial: beta.
    """

    def __init__(self, tv: float = TV_WEIGHT, facial: float = FACIAL_WEIGHT) -> None:
        super().__init__()
        self.weights = tv, facial
        self.view = EmbeddingView(TEMPLATE)
        self.embedding: nn.Module | None = None
        try:
            self.embedding = load_embedding([resource("weights")])
        except WeightsError as error:
            log.warning("trained without the facial loss: %s", error)

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the three losses, weighted."""
        restored = network(batch.blurred).float()
        losses = {"l2": l2(restored, batch.sharp), "tv": self.weights[0] * total_variation(restored)}
        if self.embedding is not None and self.weights[1]:
            phi = self.embedding
            losses["facial"] = self.weights[1] * facial(restored, batch.sharp, lambda x: phi(self.view(x)))
        return losses


def rmsprop(parameters: Iterable[nn.Parameter], learning_rate: float) -> torch.optim.Optimizer:
    """Return RMSProp (section 4.1)."""
    return torch.optim.RMSprop(parameters, learning_rate)


RECIPE = Recipe(
    method="deepdeblur",
    stages=(
        TrainingStage(
            "restore",
            1.0,
            FacialObjective,
            crop=(TEMPLATE.height, TEMPLATE.width),
            batch=64,
            learning_rate=1e-3,  # by Adam; section 4.1 uses RMSProp, and halves the rate when the error stagnates
            schedule=staircase(0.05, 0.85),
        ),
    ),
    degradation=Degradation(families=CAMERA_SHAKE, largest=27, read_noise=(0.0, 0.015), linear=0.2, jpeg=0.1),
    target=1_000_000,
    # px: at this size, a roughly aligned head (FFHQ, CelebA-HQ) has the template's distance between the eyes
    fit=145,
    leaves_out=("flickr-portraits", "web-faces", "ai-portraits"),  # faces that are not aligned
    judge=(112, 96),
)


def _weighed(tv: float, facial: float) -> Change:
    return changed(objectives={"restore": partial(FacialObjective, tv * TV_WEIGHT, facial * FACIAL_WEIGHT)})


ABLATIONS: Ablations = {
    # factors on the recipe's own alpha / beta, which is 0.1; the paper's Fig. 9 has 0.2, 1 and 5
    "ratio": {"1": changed(), "0.2": _weighed(0.2, 1.0), "5": _weighed(5.0, 1.0)},
    "facial": {"1": changed(), "0": _weighed(1.0, 0.0), "10": _weighed(1.0, 10.0)},
    "tv": {"1": changed(), "0": _weighed(0.0, 1.0), "10": _weighed(10.0, 1.0)},
    "reduction": {"with": changed(), "without": changed(settings={"reduction": False})},  # the paper's Table 5
    "skip": {"with": changed(), "without": changed(settings={"skip": False})},
    "optimiser": {
        "adam": changed(),
        "adam, 3e-4": changed(rate=0.3),
        "rmsprop": changed(optimiser=rmsprop),
    },
    "rate": {"1e-3": changed(), "3e-4": changed(rate=0.3), "3e-3": changed(rate=3.0)},
    "blur": {"ours": changed(), "paper": changed(degradation=plain(0.01, largest=27))},
}
