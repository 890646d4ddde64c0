"""Measures a training step: the time for its data, the share of the device's arithmetic, the slowest kernels."""

from __future__ import annotations

import copy
import time
from typing import TYPE_CHECKING

import torch
from torch.profiler import profile

from training.batches import Batch
from training.hardware import matrix_rate, operations, seconds_on, synchronise
from training.recipe import TrainingStage

if TYPE_CHECKING:
    from training.trainer import Trainer

STEPS = 5  # steps between two readings of the clock
_WITHIN = 0.5  # position in the stage: neither the learning rate of its beginning nor that of its end


class Meter:
    """Measures how well a trainer's steps use the device; constants are measured once."""

    def __init__(self) -> None:
        self._rate: float | None = None
        self._operations: dict[str, int] = {}

    def shares(self, trainer: Trainer, stage: TrainingStage, speed: float) -> dict[str, float]:
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


def rehearse(trainer: Trainer, index: int, seconds: float) -> tuple[float, dict[str, float]]:
    """Take steps of a stage for `seconds`, after a warm-up; return samples a second and the meter's shares."""
    stage = trainer.enter(index)
    _steps(trainer, stage, STEPS)
    start, steps = time.perf_counter(), 0
    while not steps or time.perf_counter() - start < seconds:
        _steps(trainer, stage, STEPS)
        steps += STEPS
    speed = steps * stage.batch / (time.perf_counter() - start)
    return speed, trainer.meter.shares(trainer, stage, speed)


def profiled(trainer: Trainer, index: int) -> str:
    """Return where the time of a stage's steps goes, as a table of the most expensive kernels."""
    stage = trainer.enter(index)
    _steps(trainer, stage, 1)
    with profile() as seen:
        _steps(trainer, stage, 2)
    on = "self_cpu_time_total" if trainer.device.type == "cpu" else "self_device_time_total"
    return str(seen.key_averages().table(sort_by=on, row_limit=20, max_name_column_width=60))


def _steps(trainer: Trainer, stage: TrainingStage, count: int) -> None:
    """Take steps and wait until the device has done them."""
    for _ in range(count):
        trainer.step(stage, _WITHIN)
    synchronise(trainer.device)


def _peek(trainer: Trainer, stage: TrainingStage) -> Batch:
    """Draw a batch without training on it or changing the random state."""
    state = trainer.maker.state()
    batch = trainer.draw(stage)
    trainer.maker.restore(state)
    return batch


def _operations_of(trainer: Trainer, stage: TrainingStage) -> int:
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
