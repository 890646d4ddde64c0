"""Analysis-synthesis: each apart with the true kernels, then both by the image alone (Kaufman and Fattal, Sec. 4)."""

from __future__ import annotations

from torch import Tensor, nn

from engine.networks.analysis_synthesis.analysis import fitted
from engine.networks.analysis_synthesis.network import AnalysisSynthesis, luma_of
from training.batches import Batch
from training.degradation import CAMERA_SHAKE, Degradation
from training.losses.kernels import kernel_l1
from training.losses.pixels import l2
from training.recipe import Objective, Recipe, Stage, cosine


class AnalysisObjective(Objective):
    """The kernel's L1 error (Sec. 3.1)."""

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the kernel loss."""
        assert isinstance(network, AnalysisSynthesis)
        estimated = network.analyse(luma_of(batch.blurred))
        return {"kernel": kernel_l1(estimated[:, 0], fitted(batch.kernel, network.kernel_size)[:, 0])}


class SynthesisObjective(Objective):
    """The picture's L2 error, led by the true kernel (Sec. 3.2)."""

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the image loss."""
        assert isinstance(network, AnalysisSynthesis)
        return {"l2": l2(network.synthesise(batch.blurred, batch.kernel).float(), batch.sharp)}


class PairObjective(Objective):
    """The picture's L2 error alone: both learn what helps it (Sec. 4)."""

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the image loss."""
        return {"l2": l2(network(batch.blurred).float(), batch.sharp)}


RECIPE = Recipe(
    method="analysis-synthesis",
    stages=(
        Stage("analysis", 0.35, AnalysisObjective, (256, 256), 32, 4e-4, trains=("analyses",)),
        Stage("synthesis", 0.4, SynthesisObjective, (192, 192), 32, 4e-4, trains=("syntheses",)),
        Stage("together", 0.25, PairObjective, (256, 256), 24, 1e-4, schedule=cosine(warmup=0.05)),
    ),
    degradation=Degradation(
        families=CAMERA_SHAKE, largest=41, read_noise=(0.002, 0.02), linear=0.1, saturated=0.1, jpeg=0.1
    ),
    target=1_000_000,
)
