"""WRFN: greyscale crops, camera shake, one stage (Jin et al. 2018, section 5, with TRAINING's realistic blur)."""

from __future__ import annotations

from torch import Tensor, nn

from training.batches import Batch
from training.degradation import CAMERA_SHAKE, Degradation, plain
from training.losses.pixels import gradient_l1, l1
from training.recipe import Ablations, Objective, Recipe, TrainingStage, changed, cosine, staircase

EDGES = 0.5  # weight of the gradients' loss


class PixelLoss(Objective):
    """Mean absolute error of single colour planes: the network sees each channel alone."""

    colour = False

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the L1 loss."""
        return {"l1": (network(batch.blurred) - batch.sharp).abs().mean()}


class GradientShare(Objective):
    """The L1 loss, and that of the gradients at three scales, so that edges count more, as for the eye.

    It replaces a perceptual loss, but needs no network: the recipe has single colour planes and photos of anything.
    """

    colour = False

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return both losses, weighted."""
        restored = network(batch.blurred).float()
        losses = {"l1": l1(restored, batch.sharp)}
        losses["edges"] = EDGES * gradient_l1(restored, batch.sharp, scales=3)
        return losses


class SquaredLoss(Objective):
    """Mean squared error, the paper's."""

    colour = False

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the L2 loss."""
        return {"l2": (network(batch.blurred) - batch.sharp).square().mean()}


RECIPE = Recipe(
    method="wrfn",
    stages=(
        TrainingStage("restore", 1.0, PixelLoss, crop=(320, 320), batch=48, learning_rate=1e-3, schedule=cosine()),
    ),
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
        TrainingStage(
            "restore", 1.0, SquaredLoss, (320, 320), batch=48, learning_rate=2e-3, schedule=staircase(0.1, 0.9)
        ),
    ),
    degradation=plain(noise=2.55 / 255),
    target=3_000_000,
    settings={"skip": False},
)

ABLATIONS: Ablations = {
    "skip": {"with": changed(), "without": changed(settings={"skip": False})},
    "norm": {norm: changed(settings={"norm": norm}) for norm in ("instance", "batch", "none")},
    "loss": {
        "l1": changed(),
        "l2": changed(objectives={"restore": SquaredLoss}),
        "l1+edges": changed(objectives={"restore": GradientShare}),
    },
    "rate": {"1e-3": changed(), "5e-4": changed(rate=0.5), "2e-3": changed(rate=2.0)},
    "batch": {"48": changed(), "24": changed(batch=0.5), "96": changed(batch=2.0)},
    "blur": {"ours": changed(), "paper": changed(degradation=PAPER.degradation)},
    "stride": {str(s): changed(settings={"stride": s}) for s in (5, 4, 2)},
    "blocks": {str(b): changed(settings={"blocks": b}) for b in (8, 4, 16)},
    "channels": {str(c): changed(settings={"channels": c}) for c in (96, 64, 128)},
    "swap": {"5 first": changed(), "3 first": changed(settings={"swap": True})},
}
