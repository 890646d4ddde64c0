"""Learned deconvolution: scale by scale on the kernel's L2 error, then end to end (Schuler et al. 2016, sec. 4).

The paper trains one stage after the other, each on its own error, then all on the last. Measured (training/README,
"learned-deconv"), error of the last kernel of each scale on held-out photos:

                                                        samples   17 px   25 px   33 px
    the training kernels' mean, the same for each photo            0.049   0.029   0.026
    stage by stage at 2e-3, end to end at 5e-4           82,400   0.042   0.024   0.0225
    as here: every stage taught, at 1e-2 and 3e-3        22,920   0.039   0.023   0.0212

Filters and hidden layers of a stage and its gradients (the paper's Figures 4 and 5), kernels up to 17 px and that
scale alone, 8,000 samples each on one CPU core (training/README, "Ablations"); 64 held-out crops, the kernel's
similarity to the truth, the photo's PSNR (blurred: 26.08):

                 as here   filters: 16      64   layers: 1       3   gradients: fixed
    similarity     0.761         0.762   0.760       0.765   0.759              0.769
    PSNR, dB       26.57         26.54   26.55       26.54   26.54              26.56

So few samples do not tell them apart: the paper's choices stay.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from functools import partial
from typing import cast

import torch
from torch import Tensor, nn

from engine.networks.learned_deconv import METHOD
from engine.networks.learned_deconv.network import LearnedDeconv
from engine.networks.learned_deconv.scales import ScaleNetwork, shrunk
from engine.networks.luma import luma_of
from training.batches import Batch
from training.degradation import Degradation, plain
from training.recipe import Ablations, Change, Objective, Recipe, TrainingStage, changed, cosine, staircase

EDGE = 0.05  # a smaller gradient does not count
EDGES_LEAST = 0.06  # share of pixels: crops with fewer do not determine the kernel
OUTLIER = 10.0  # times the running mean error: samples above it are not back-propagated
MEMORY = 0.99  # weight of the old value in the running mean
EARLIER = 0.3  # weight of the kernels before the last


class KernelObjective(Objective):
    """||k^ - k||^2 of every stage of one scale, at the size of that scale, without misleading crops and outliers.

    Every stage is trained, not only the last one; otherwise the first stages forget what a kernel is. scale: index,
    coarsest first; None for all scales, end to end, where the last kernel counts most.
    """

    running: Tensor

    def __init__(self, scale: int | None = None) -> None:
        super().__init__()
        self.scale = scale
        self.register_buffer("running", torch.tensor(0.0))

    def begin(self, network: nn.Module) -> None:
        """Start a scale with the weights of the coarser one, since their kernels look alike."""
        assert isinstance(network, LearnedDeconv)
        if self.scale:
            coarser, finer = (cast("ScaleNetwork", network.scales[self.scale - i]) for i in (1, 0))
            start_as_coarser(finer, coarser)

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the kernel losses, means over the samples that count."""
        assert isinstance(network, LearnedDeconv)
        scale = len(network.sizes) - 1 if self.scale is None else self.scale
        small = shrunk(luma_of(batch.blurred), network.sizes[scale], network.sizes[-1])
        estimates = network.estimate(small, depth=scale + 1)
        if self.scale is not None:
            estimates = estimates[-1:]
        first = scale + 1 - len(estimates)
        errors = [
            (kernel - network.kernel_target(batch.kernel, first + i)).square().sum((1, 2, 3))
            for i, kernels in enumerate(estimates)
            for kernel in kernels
        ]
        counted = self._counted(errors[-1].detach(), batch.sharp)
        *earlier, last = [(error * counted).sum() / counted.sum().clamp(min=1) for error in errors]
        return {"kernel": last, **({"earlier": EARLIER * torch.stack(earlier).sum()} if earlier else {})}

    def _counted(self, errors: Tensor, sharp: Tensor) -> Tensor:
        """Return 1 for the samples to learn from, 0 for the others, and remember the mean error."""
        kept = textured(sharp) & ((errors <= OUTLIER * self.running) | (self.running == 0))
        mean = (errors * kept).sum() / kept.sum().clamp(min=1)
        started = torch.where(self.running == 0, mean, self.running)
        self.running.copy_(MEMORY * started + (1 - MEMORY) * torch.where(kept.any(), mean, started))
        return kept.float()


def textured(sharp: Tensor) -> Tensor:
    """Whether each of N x C x H x W has enough pixels with a gradient (section 4)."""
    grey = sharp.mean(1)
    down, across = grey[:, 1:, :-1] - grey[:, :-1, :-1], grey[:, :-1, 1:] - grey[:, :-1, :-1]
    return (torch.hypot(down, across) > EDGE).float().mean((1, 2)) >= EDGES_LEAST


def adadelta(parameters: Iterable[nn.Parameter], learning_rate: float) -> torch.optim.Optimizer:
    """Return ADADELTA with the paper's decay (section 4)."""
    return torch.optim.Adadelta(parameters, learning_rate, rho=0.95)


def start_as_coarser(scale: ScaleNetwork, coarser: ScaleNetwork) -> None:
    """Copy the stages of the coarser scale; a first stage with a latent image is copied from the second one there."""
    for i, stage in enumerate(scale.steps):
        alike = [known for known in coarser.steps[i:] + coarser.steps[:i] if _shapes(known) == _shapes(stage)]
        if alike:
            stage.load_state_dict(alike[0].state_dict())


def _shapes(stage: nn.Module) -> list[torch.Size]:
    return [tensor.shape for tensor in stage.state_dict().values()]


def pretraining(sizes: tuple[int, ...], stages: int) -> tuple[TrainingStage, ...]:
    """Return one training stage for every scale, with the image quotient by which the coarser scale guides it."""
    return tuple(
        TrainingStage(
            f"scale {size} px",
            0.65 / len(sizes),
            partial(KernelObjective, scale),
            crop=(256, 256),
            batch=32,
            learning_rate=1e-2,
            schedule=cosine(warmup=0.05, floor=0.05),
            trains=(f"scales.{scale}.", f"scales.{scale - 1}.stages.{stages - 1}.image"),
        )
        for scale, size in enumerate(sizes)
    )


SIZES: tuple[int, ...] = METHOD.settings["scales"]

RECIPE = Recipe(
    method="learned-deconv",
    stages=(
        *pretraining(SIZES, METHOD.settings["stages"]),
        TrainingStage("end to end", 0.35, KernelObjective, (256, 256), 32, 3e-3, schedule=cosine(warmup=0.05)),
    ),
    degradation=Degradation(
        families={"gaussian-process": 1.0, "trajectory": 0.5}, largest=33, smallest=7, read_noise=(0.002, 0.02)
    ),
    target=1_000_000,
    settings={"kernel_beta": 10.0},
)

# As printed: Gaussian-process kernels, noise of 1 %, ADADELTA.
PAPER = dataclasses.replace(
    RECIPE,
    stages=tuple(
        dataclasses.replace(stage, optimiser=adadelta, learning_rate=0.01, schedule=staircase(1.0))
        for stage in RECIPE.stages
    ),
    degradation=plain(noise=0.01, families={"gaussian-process": 1.0}, largest=33),
)


def _sized(sizes: tuple[int, ...], stages: int) -> Change:
    """Return the recipe with other scales and stages, each trained in turn."""

    def change(base: Recipe) -> Recipe:
        settings = {**base.settings, "scales": sizes, "stages": stages}
        return dataclasses.replace(base, settings=settings, stages=(*pretraining(sizes, stages), base.stages[-1]))

    return change


ABLATIONS: Ablations = {
    "beta": {f"{beta:g}": changed(settings={"kernel_beta": beta}) for beta in (10.0, 1.0, 0.1, 1e-2, 1e-4)},
    "stages": {"3": changed(), "1": _sized(SIZES, 1), "2": _sized(SIZES, 2)},
    "scales": {
        "3": changed(),
        "1": _sized(SIZES[-1:], METHOD.settings["stages"]),
        "2": _sized(SIZES[1:], METHOD.settings["stages"]),
        "17": _sized(SIZES[:1], METHOD.settings["stages"]),  # kernels up to 17 px: small enough to compare on a CPU
    },
    "filters": {str(count): changed(settings={"filters": count}) for count in (32, 16, 64)},  # Fig. 4
    "hidden": {str(count): changed(settings={"hidden": count}) for count in (2, 1, 3)},
    "gradients": {"learned": changed(), "fixed": changed(settings={"fixed_gradients": True})},  # Fig. 5
    "window": {window: changed(settings={"window": window}) for window in ("bartlett-hann", "border", "none")},
    "border": {border: changed(settings={"border": border}) for border in ("extended", "circular")},
    "blur": {"ours": changed(), "paper": changed(degradation=PAPER.degradation)},
}
