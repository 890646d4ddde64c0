"""WRFN: greyscale crops, camera shake, one stage (Jin et al. 2018, section 5, with TRAINING's realistic blur)."""

from __future__ import annotations

from torch import Tensor, nn

from training.batches import Batch
from training.degradation import CAMERA_SHAKE, Degradation, plain
from training.recipe import Objective, Recipe, Stage, cosine, staircase


class PixelLoss(Objective):
    """Mean absolute error of single colour planes: the network sees each channel alone."""

    colour = False

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the L1 loss."""
        return {"l1": (network(batch.blurred) - batch.sharp).abs().mean()}


class SquaredLoss(Objective):
    """Mean squared error, the paper's."""

    colour = False

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the L2 loss."""
        return {"l2": (network(batch.blurred) - batch.sharp).square().mean()}


RECIPE = Recipe(
    method="wrfn",
    stages=(Stage("restore", 1.0, PixelLoss, crop=(320, 320), batch=48, learning_rate=1e-3, schedule=cosine()),),
    degradation=Degradation(
        families=CAMERA_SHAKE,
        largest=41,
        read_noise=(0.002, 0.02),
        shot_noise=(0.0, 0.0002),
        linear=0.2,
        saturated=0.1,
        jpeg=0.15,
    ),
    target=3_000_000,
)

# As printed: spline kernels, noise of 2.55 / 255, squared error, no skip, learning rate down a tenth ten times.
PAPER = Recipe(
    method="wrfn",
    stages=(
        Stage("restore", 1.0, SquaredLoss, (320, 320), batch=48, learning_rate=2e-3, schedule=staircase(0.1, 0.9)),
    ),
    degradation=plain(noise=2.55 / 255),
    target=3_000_000,
    settings={"skip": False},
)
