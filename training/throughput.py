"""`python -m training throughput`: how fast a recipe trains, and how fast the device's matrix rate would allow."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from training.batches import BatchMaker
from training.degradation import kernel_bank
from training.devices import device_for
from training.options import TrainOptions
from training.progress import Budget
from training.recipe import Recipe, recipe
from training.rehearsal import profiled, rehearse
from training.session import adapted, network_of
from training.sharp import load
from training.trainer import RunOptions, Trainer

log = logging.getLogger(__name__)

PHOTOS = 64
KERNELS = 200


@dataclass(frozen=True)
class Throughput:
    """Samples per second of a stage. arithmetic: share of the device's measured matrix rate that it reaches.

    waiting: share of the time for making the data. kernels: the device's most expensive kernels, as a table.
    """

    stage: str
    crop: tuple[int, int]
    batch: int
    compiled: bool
    samples_per_second: float
    arithmetic: float
    waiting: float
    kernels: str

    @property
    def limit(self) -> float:
        """Samples a second that the matrix rate would allow."""
        return self.samples_per_second / self.arithmetic if self.arithmetic else float("inf")


def throughputs(options: TrainOptions, compiled: bool, seconds: float) -> Iterator[Throughput]:
    """Measure the last stage of each kind of a recipe, with few photos, without a run folder."""
    device = device_for(options.device)
    chosen = adapted(recipe(options.recipe), options)
    learning, _ = load(options.photos, chosen.fit, options.labels, PHOTOS, chosen.leaves_out)
    bank = kernel_bank(chosen.degradation, options.seed, count=options.kernels or KERNELS)
    maker = BatchMaker(learning, bank, chosen.degradation, device, options.seed)
    with tempfile.TemporaryDirectory(prefix="acutance-throughput-") as folder:
        network, _ = network_of(chosen, "scratch")
        run_options = RunOptions(Path(folder), Budget(samples=1), device, compile=compiled, reduced=options.reduced)
        trainer = Trainer(chosen, network, maker, None, run_options)
        for index in _told_apart(chosen):
            stage = chosen.stages[index]
            speed, efficiency = rehearse(trainer, index, seconds)
            yield Throughput(
                stage.name,
                stage.crop,
                stage.batch,
                compiled,
                speed,
                efficiency["arithmetic_share"],
                efficiency["waiting_share"],
                profiled(trainer, index),
            )


def _told_apart(chosen: Recipe) -> list[int]:
    """Return one stage for each kind of objective: the last (and largest) of its kind."""
    kinds = {type(stage.objective()): index for index, stage in enumerate(chosen.stages)}
    return sorted(kinds.values())


def table(found: list[Throughput], recipe_id: str) -> str:
    """Return the measurements as a Markdown table."""
    lines = [
        "| recipe, stage | crop | batch | compiled | samples/s | limit | share | waiting |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in found:
        height, width = each.crop
        lines.append(
            f"| {recipe_id}, {each.stage} | {width}x{height} | {each.batch} | {'yes' if each.compiled else 'no'} "
            f"| {each.samples_per_second:.1f} | {each.limit:.0f} | {each.arithmetic:.0%} "
            f"| {each.waiting:.1%} |"
        )
    return "\n".join(lines)
