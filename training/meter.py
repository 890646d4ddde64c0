"""Measures how well training steps use the device: the time for their data, and their share of its arithmetic."""

from __future__ import annotations

import copy
from typing import Protocol

import torch
from torch import nn

from training.batches import Batch, BatchMaker
from training.hardware import matrix_rate, operations, seconds_on
from training.ranks import Ranks
from training.recipe import Objective, TrainingStage


class Measured(Protocol):
    """What the meter needs of a trainer."""

    device: torch.device
    ranks: Ranks
    maker: BatchMaker
    network: nn.Module
    average: nn.Module
    objective: Objective

    def draw(self, stage: TrainingStage) -> Batch:
        """Draw this rank's part of a batch of the stage."""

    def autocast(self) -> torch.autocast:
        """Return the context for losses."""


class Meter:
    """Measures how well a trainer's steps use the device; constants are measured once."""

    def __init__(self) -> None:
        self._rate: float | None = None
        self._operations: dict[str, int] = {}

    def shares(self, trainer: Measured, stage: TrainingStage, speed: float) -> dict[str, float]:
        """Return two shares: of the time that goes into data, and of the device's matrix rate that steps reach.

        stage: the current stage. speed: samples a second of all ranks together.
        """
        if self._rate is None:
            self._rate = matrix_rate(trainer.device)
        if stage.name not in self._operations:
            self._operations[stage.name] = _operations_of(trainer, stage)
        drawing = seconds_on(trainer.device, lambda: _peek(trainer, stage))
        reached = speed / trainer.ranks.count * self._operations[stage.name]
        return {
            "waiting_share": round(drawing * speed / stage.batch, 4),
            "arithmetic_share": round(reached / self._rate, 4),
        }


def _peek(trainer: Measured, stage: TrainingStage) -> Batch:
    """Draw a batch without training on it or changing the random state."""
    state = trainer.maker.state()
    batch = trainer.draw(stage)
    trainer.maker.restore(state)
    return batch


def _operations_of(trainer: Measured, stage: TrainingStage) -> int:
    """Return the operations per sample, forward and backward, on a copy that is not compiled."""
    probe = copy.deepcopy(trainer.average).train()
    for parameter, learned in zip(probe.parameters(), trainer.network.parameters(), strict=True):
        parameter.requires_grad_(learned.requires_grad)
    one = _peek(trainer, stage).part(0, stage.batch)

    def step() -> None:
        with trainer.autocast():
            torch.stack(list(trainer.objective(probe, one).values())).sum().backward()

    counted = operations(step)
    trainer.objective.zero_grad(set_to_none=True)
    return counted
