"""Learned deconvolution: stage by stage on the kernel's L2 error, then end to end (Schuler et al. 2016, sec. 4)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from functools import partial

import torch
from torch import Tensor, nn

from engine.networks.learned_deconv import METHOD
from engine.networks.learned_deconv.choosing import luma
from engine.networks.learned_deconv.network import LearnedDeconv
from engine.networks.learned_deconv.scales import shrunk
from training.batches import Batch
from training.degradation import Degradation, plain
from training.recipe import Ablations, Change, Objective, Recipe, Stage, changed, cosine, staircase

EDGE = 0.05  # a gradient that counts
EDGES_LEAST = 0.06  # share of pixels: crops with fewer tell nothing of the kernel
OUTLIER = 10.0  # times the running mean error: not back-propagated
MEMORY = 0.99  # of the running mean


class KernelObjective(Objective):
    """||k^ - k||^2 of one stage of one scale, in the size of that scale; without crops and errors that mislead.

    scale: index, coarsest first; stage: index; None for the last of all, end to end.
    """

    running: Tensor

    def __init__(self, scale: int | None = None, stage: int | None = None) -> None:
        super().__init__()
        self.scale, self.stage = scale, stage
        self.register_buffer("running", torch.tensor(0.0))

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the kernel loss, a mean over the samples that count."""
        assert isinstance(network, LearnedDeconv)
        scale = len(network.sizes) - 1 if self.scale is None else self.scale
        stages = None if self.stage is None else self.stage + 1
        small = shrunk(luma(batch.blurred), network.sizes[scale], network.sizes[-1])
        estimated = network.estimate(small, depth=scale + 1, stages=stages)[-1][-1]
        errors = (estimated - network.kernel_target(batch.kernel, scale)).square().sum((1, 2, 3))
        counted = self._counted(errors.detach(), batch.sharp)
        return {"kernel": (errors * counted).sum() / counted.sum().clamp(min=1)}

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
    """ADADELTA with the paper's decay (section 4)."""
    return torch.optim.Adadelta(parameters, learning_rate, rho=0.95)


def pretraining(sizes: tuple[int, ...], stages: int) -> tuple[Stage, ...]:
    """One stage of training for every stage of every scale; coarse ones are small, so they take less of the time."""
    total = sum(size**2 for size in sizes) * stages
    return tuple(
        Stage(
            f"scale {sizes[scale]} px, stage {stage + 1}",
            0.6 * sizes[scale] ** 2 / total,
            partial(KernelObjective, scale, stage),
            crop=(256, 256),
            batch=32,
            learning_rate=2e-3,
            schedule=cosine(warmup=0.05),
            trains=(f"scales.{scale}.stages.{stage}.", f"scales.{scale}.stages.{stage - 1}.image"),
        )
        for scale in range(len(sizes))
        for stage in range(stages)
    )


SIZES: tuple[int, ...] = METHOD.settings["scales"]

RECIPE = Recipe(
    method="learned-deconv",
    stages=(
        *pretraining(SIZES, METHOD.settings["stages"]),
        Stage("end to end", 0.4, KernelObjective, (256, 256), 32, 5e-4, schedule=cosine(warmup=0.05)),
    ),
    degradation=Degradation(
        families={"gaussian-process": 1.0, "trajectory": 0.5}, largest=33, smallest=7, read_noise=(0.002, 0.02)
    ),
    target=1_000_000,
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
    "beta": {f"{beta:g}": changed(settings={"kernel_beta": beta}) for beta in (1e-4, 1e-2, 0.1, 1.0, 10.0)},
    "stages": {"3": changed(), "1": _sized(SIZES, 1), "2": _sized(SIZES, 2)},
    "scales": {"3": changed(), "1": _sized(SIZES[-1:], METHOD.settings["stages"]), "2": _sized(SIZES[1:], 3)},
    "filters": {str(count): changed(settings={"filters": count}) for count in (32, 16, 64)},  # Fig. 4
    "hidden": {str(count): changed(settings={"hidden": count}) for count in (2, 1, 3)},
    "gradients": {"learned": changed(), "fixed": changed(settings={"fixed_gradients": True})},  # Fig. 5
    "window": {window: changed(settings={"window": window}) for window in ("bartlett-hann", "border", "none")},
    "border": {border: changed(settings={"border": border}) for border in ("extended", "circular")},
    "blur": {"ours": changed(), "paper": changed(degradation=PAPER.degradation)},
}
