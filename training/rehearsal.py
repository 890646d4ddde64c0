"""Takes steps of a stage without training: how fast they are, how well they use the device, the slowest kernels."""

from __future__ import annotations

import time

from torch.profiler import profile

from training.hardware import synchronise
from training.recipe import TrainingStage
from training.trainer import Trainer

STEPS = 5  # steps between two readings of the clock
_WITHIN = 0.5  # position in the stage: neither the learning rate of its beginning nor that of its end


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
