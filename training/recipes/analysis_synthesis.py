"""Analysis-synthesis: each net alone with the true kernels, then both by the image (Kaufman and Fattal, Sec. 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import torch.nn.functional as F
from torch import Tensor, nn

from engine.networks.analysis_synthesis.analysis import fitted
from engine.networks.analysis_synthesis.network import AnalysisSynthesis
from engine.networks.luma import luma_of
from training.batches import Batch
from training.degradation import CAMERA_SHAKE, Degradation, plain
from training.losses.kernels import kernel_l1, kernel_l2
from training.losses.pixels import l2
from training.recipe import Ablations, Change, Objective, Recipe, TrainingStage, changed, cosine


class AnalysisObjective(Objective):
    """The kernel's error: L1 (Sec. 3.1) or another."""

    def __init__(self, loss: Callable[[Tensor, Tensor], Tensor] = kernel_l1) -> None:
        super().__init__()
        self.loss = loss

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the kernel loss."""
        assert isinstance(network, AnalysisSynthesis)
        classes = network.classes_of(batch.kernel) if len(network.kernel_sizes) > 1 else None
        estimated = network.analyse(luma_of(batch.blurred), classes)
        return {"kernel": self.loss(estimated[:, 0], fitted(batch.kernel, network.kernel_size)[:, 0])}


class ClassifierObjective(Objective):
    """Chooses which of several pairs should restore a picture: cross-entropy (Sec. 3.3)."""

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the loss of the choice."""
        assert isinstance(network, AnalysisSynthesis)
        logits = network.classify(luma_of(batch.blurred)).float()
        return {"classes": F.cross_entropy(logits, network.classes_of(batch.kernel))}


class SynthesisObjective(Objective):
    """The picture's L2 error, guided by the true kernel (Sec. 3.2)."""

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the image loss."""
        assert isinstance(network, AnalysisSynthesis)
        return {"l2": l2(network.synthesise(batch.blurred, batch.kernel).float(), batch.sharp)}


class PairObjective(Objective):
    """The picture's L2 error alone: both networks learn from it (Sec. 4)."""

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the image loss."""
        return {"l2": l2(network(batch.blurred).float(), batch.sharp)}


RECIPE = Recipe(
    method="analysis-synthesis",
    stages=(
        TrainingStage("analysis", 0.35, AnalysisObjective, (256, 256), 32, 4e-4, trains=("analyses",)),
        TrainingStage("synthesis", 0.4, SynthesisObjective, (192, 192), 32, 4e-4, trains=("syntheses",)),
        TrainingStage("together", 0.25, PairObjective, (256, 256), 24, 1e-4, schedule=cosine(warmup=0.05)),
    ),
    degradation=Degradation(
        families=CAMERA_SHAKE, largest=41, read_noise=(0.002, 0.02), linear=0.1, saturated=0.1, jpeg=0.1
    ),
    target=1_000_000,
)


def _several(*sizes: int) -> Change:
    """Return the recipe for this many pairs, with a stage for the classifier before them."""

    def change(base: Recipe) -> Recipe:
        choosing = TrainingStage(
            "classifier", 0.15, ClassifierObjective, (256, 256), 32, 4e-4, trains=("classifier",)
        )
        settings = {**base.settings, "kernel_sizes": sizes}
        return replace(base, settings=settings, stages=(*base.stages[:-1], choosing, base.stages[-1]))

    return change


ABLATIONS: Ablations = {
    "kernel loss": {"l1": changed(), "l2": changed(objectives={"analysis": partial(AnalysisObjective, kernel_l2)})},
    "shares": {
        "0.35 / 0.4 / 0.25": changed(),
        "analysis more": changed(shares={"analysis": 0.55, "synthesis": 0.25, "together": 0.2}),
        "together more": changed(shares={"analysis": 0.25, "synthesis": 0.25, "together": 0.5}),
    },
    "guidance": {  # the paper's Table 2: 28.73, 28.58, 28.41 and 24.80 dB with true kernels
        "both": changed(),
        "additive": changed(settings={"multiplicative": False}),
        "multiplicative": changed(settings={"additive": False}),
        "none": changed(settings={"multiplicative": False, "additive": False}),
    },
    "nets": {"one": changed(), "three": _several(31, 41, 51)},
    "skip": {"with": changed(), "without": changed(settings={"skip": False})},
    "rate": {"4e-4": changed(), "2e-4": changed(rate=0.5), "8e-4": changed(rate=2.0)},
    "blur": {"ours": changed(), "paper": changed(degradation=plain(0.02, {"spline": 1.0}))},
}
