"""Trains a recipe for a few steps, to measure speed and memory on this machine."""

from __future__ import annotations

import dataclasses
import logging
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch

from training.batches import BatchMaker
from training.degradation import kernel_bank
from training.devices import device_for
from training.options import TrainOptions
from training.progress import Budget
from training.publishing import hardware_name
from training.recipe import recipe
from training.session import adapted, modest, network_of
from training.sharp import load
from training.trainer import RunOptions, Trainer

log = logging.getLogger(__name__)

PHOTOS = 8
SECONDS = 6.0


@dataclass(frozen=True)
class Trial:
    """The measurement: samples per second, and peak bytes of the process or of the GPU.

    crop, batch: the measured sizes, None for the recipe's own.
    """

    device: str
    samples_per_second: float
    memory: int
    crop: int | None
    batch: int | None


def trial(options: TrainOptions) -> Trial:
    """Train for some seconds without a run folder; halve the batch while the GPU's memory is too small."""
    device = device_for(options.device)
    sized = modest(options, recipe(options.recipe), device) if options.modest else options
    while True:
        try:
            return _measured(sized, device)
        except torch.OutOfMemoryError:
            batch = sized.batch or max(stage.batch for stage in recipe(options.recipe).stages)
            if batch < 2:
                raise
            sized = dataclasses.replace(sized, batch=batch // 2)
            log.info("too little memory; trying %d samples a step", batch // 2)


def _measured(options: TrainOptions, device: torch.device) -> Trial:
    chosen = adapted(recipe(options.recipe), options)
    learning, _ = load(options.photos, chosen.fit, options.labels, PHOTOS, chosen.leaves_out)
    bank = kernel_bank(chosen.degradation, options.seed, count=50)
    maker = BatchMaker(learning, bank, chosen.degradation, device, options.seed)
    network, _ = network_of(chosen, options.start, options.anew)
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    with tempfile.TemporaryDirectory(prefix="acutance-trial-") as folder:
        run_options = RunOptions(Path(folder), Budget(minutes=60), device, call_minutes=SECONDS / 60)
        trainer = Trainer(chosen, network, maker, None, run_options)
        trainer.run()
    speed = trainer.progress.samples / max(trainer.progress.seconds, 1e-3)
    return Trial(hardware_name(device), speed, _memory(device), options.crop, options.batch)


def _memory(device: torch.device) -> int:
    """Return the peak memory in bytes."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
