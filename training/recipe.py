"""Defines a recipe: data, blur, losses, optimiser, stages, sizes, target. Each method has one, in recipes/."""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

import training.recipes
from engine.errors import UserError
from engine.networks.registry import method as registered
from training.batches import Batch
from training.degradation import Degradation

Optimiser = Callable[[Iterable[nn.Parameter], float], torch.optim.Optimizer]
Schedule = Callable[[float], float]


class Objective(nn.Module):
    """What a stage minimises. It holds the networks that only judge (discriminator, frozen features)."""

    colour = True

    def forward(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """Return the weighted losses by name; their sum is minimised over the network's parameters."""
        raise NotImplementedError

    def begin(self, network: nn.Module) -> None:
        """Prepare the network when the stage begins; most need nothing."""

    def opponent(self, network: nn.Module, batch: Batch) -> Tensor | None:
        """Return the loss that the objective's own parameters minimise (a discriminator's), or None."""
        del network, batch
        return None


def adam(parameters: Iterable[nn.Parameter], learning_rate: float) -> torch.optim.Optimizer:
    """Return Adam (Kingma and Ba 2015), fused on a GPU."""
    listed = list(parameters)
    return torch.optim.Adam(listed, learning_rate, fused=bool(listed) and listed[0].is_cuda)


def cosine(warmup: float = 0.03, floor: float = 0.01) -> Schedule:
    """Return a linear rise over the first share of the stage, then half a cosine down to `floor`."""

    def factor(progress: float) -> float:
        if progress < warmup:
            return max(progress / warmup, 0.01)
        fall = (progress - warmup) / (1 - warmup)
        return floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * min(fall, 1)))

    return factor


def staircase(step: float = 0.1, factor: float = 0.9) -> Schedule:
    """Return the papers' schedule: multiply by `factor` after every `step` of the stage."""
    return lambda progress: factor ** math.floor(progress / step)


@dataclass(frozen=True)
class TrainingStage:
    """A part of the training. share: of the whole budget. crop: (height, width) in px.

    trains: prefixes of the names of the parameters that learn; ("",) for all.
    """

    name: str
    share: float
    objective: Callable[[], Objective]
    crop: tuple[int, int]
    batch: int
    learning_rate: float
    optimiser: Optimiser = adam
    schedule: Schedule = field(default_factory=cosine)
    trains: tuple[str, ...] = ("",)


@dataclass(frozen=True)
class Recipe:
    """How to train the weights of a method.

    method: registry id. settings: of the network. target: samples to see. fit: shorter side in px that pictures are
    scaled to when read (aligned faces), None for as they are. leaves_out: endings of the names (before the suffix)
    of pictures that it cannot use.
    ema: decay a step of the averaged weights that ship. clip: largest norm of the gradient. judge: (height, width)
    of the held-out crops, a size that the networks take.
    """

    method: str
    stages: tuple[TrainingStage, ...]
    degradation: Degradation
    target: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    fit: int | None = None
    leaves_out: tuple[str, ...] = ()
    ema: float = 0.999
    clip: float = 1.0
    judge: tuple[int, int] = (240, 240)

    @property
    def needs_labels(self) -> bool:
        """Whether it learns from parsing labels, without which it does not run."""
        return registered(self.method).learns_from == "labelled faces"

    def stage_at(self, progress: float) -> tuple[int, float]:
        """Return the stage's index and the progress within it, for the progress of the whole in [0, 1)."""
        total = sum(stage.share for stage in self.stages)
        start = 0.0
        for index, stage in enumerate(self.stages):
            share = stage.share / total
            if progress < start + share or index == len(self.stages) - 1:
                return index, min(max((progress - start) / share, 0.0), 1.0)
            start += share
        raise AssertionError("a recipe has at least one stage")


Change = Callable[[Recipe], Recipe]
Ablations = Mapping[str, Mapping[str, Change]]
"""The options of a recipe, each with its named variants; a recipe module has them as ABLATIONS."""


def changed(
    settings: Mapping[str, Any] | None = None,
    objectives: Mapping[str, Callable[[], Objective]] | None = None,
    shares: Mapping[str, float] | None = None,
    rate: float = 1.0,
    batch: float = 1.0,
    degradation: Degradation | None = None,
    optimiser: Optimiser | None = None,
) -> Change:
    """Return a variant of a recipe: other settings, objectives, shares of stages, factors, blur or optimiser."""

    def change(base: Recipe) -> Recipe:
        stages = tuple(
            replace(
                stage,
                objective=(objectives or {}).get(stage.name, stage.objective),
                share=(shares or {}).get(stage.name, stage.share),
                learning_rate=rate * stage.learning_rate,
                batch=max(1, round(batch * stage.batch)),
                optimiser=optimiser or stage.optimiser,
            )
            for stage in base.stages
        )
        return replace(
            base,
            stages=tuple(stage for stage in stages if stage.share > 0),
            settings={**base.settings, **(settings or {})},
            degradation=degradation or base.degradation,
        )

    return change


def recipes() -> list[str]:
    """Return the ids of all recipes: the modules of training.recipes, with dashes for underscores."""
    return [entry.name.replace("_", "-") for entry in pkgutil.iter_modules(training.recipes.__path__)]


def recipe(recipe_id: str) -> Recipe:
    """Return a recipe, or a variant of it: wrfn@paper (as printed), wrfn@skip=without (of an option).

    Several can be combined: learned-deconv@scales=17@filters=16. Raise UserError with the known ones.
    """
    name, *varied = recipe_id.split("@")
    found = _named(name, "RECIPE")
    for variant in varied:
        option, _, choice = variant.partition("=")
        found = _chosen(name, option, choice)(found) if choice else _named(name, variant)
    return found


def variants(recipe_id: str, option: str) -> Mapping[str, Change]:
    """Return the variants of a recipe's option, the recipe's own choice first; raise UserError with the options."""
    name = recipe_id.partition("@")[0]
    options: Ablations = _module(name).ABLATIONS
    if option not in options:
        raise UserError(f"The recipe {name} has no option {option!r}. There are: {', '.join(options)}.")
    return options[option]


def _chosen(name: str, option: str, choice: str) -> Change:
    choices = variants(name, option)
    if choice not in choices:
        raise UserError(f"The option {option} of {name} has no {choice!r}. There are: {', '.join(choices)}.")
    return choices[choice]


def _named(name: str, variant: str) -> Recipe:
    found = getattr(_module(name), variant.upper(), None)
    if not isinstance(found, Recipe):
        raise UserError(f"The recipe {name} has no variant {variant!r}.")
    return found


def _module(name: str) -> ModuleType:
    if name not in recipes():
        raise UserError(f"There is no recipe {name!r}. There are: {', '.join(recipes())}.")
    return importlib.import_module(f"training.recipes.{name.replace('-', '_')}")
