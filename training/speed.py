"""`python -m training speed`: measures each network at the size of its paper, in milliseconds."""

from __future__ import annotations

import logging
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.networks.network import DeblurringNetwork
from engine.networks.registry import method
from training.hardware import autocast_type, compile_parts, synchronise, tune
from training.recipe import recipes

log = logging.getLogger(__name__)

FACES = 16  # aligned crops are restored in batches


@dataclass(frozen=True)
class Speed:
    """The median times, in milliseconds per picture and per megapixel."""

    method: str
    height: int
    width: int
    batch: int
    compiled: bool
    milliseconds: float

    @property
    def per_megapixel(self) -> float:
        """Milliseconds a megapixel."""
        return self.milliseconds / (self.height * self.width / 1e6)


def speeds(device: torch.device, compiled: bool, seconds: float = 3.0) -> Iterator[Speed]:
    """Measure every method that learns, with random weights, in the device's reduced precision if it has one."""
    tune(device)
    for name in recipes():
        printed = method(name).printed_speed
        height, width = printed.height, printed.width
        batch = FACES if method(name).regions == {"aligned"} else 1
        network = method(name).build().to(device).to(memory_format=torch.channels_last).eval()
        if compiled:
            compile_parts(network)
        pictures = torch.rand(batch, 3, height, width, device=device)
        found = _median(network, pictures, device, seconds) / batch
        yield Speed(name, height, width, batch, compiled, found)


@torch.inference_mode()
def _median(network: DeblurringNetwork, pictures: Tensor, device: torch.device, seconds: float) -> float:
    """Return the median milliseconds of a forward pass, after warming up."""
    dtype = autocast_type(device)
    times: list[float] = []
    with torch.autocast(device.type, dtype=dtype or torch.bfloat16, enabled=dtype is not None):
        for _ in range(3):
            network(pictures)
        end = time.perf_counter() + seconds
        while not times or time.perf_counter() < end:
            synchronise(device)
            start = time.perf_counter()
            network(pictures)
            synchronise(device)
            times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def table(found: list[Speed]) -> str:
    """Return the measurements as a Markdown table."""
    lines = ["| method | size | batch | compiled | ms | ms per MP | paper, ms |", "|---|---|---|---|---|---|---|"]
    for each in found:
        printed = method(each.method).printed_speed
        paper = "" if printed.milliseconds is None else f"{printed.milliseconds:g} ({printed.device})"
        lines.append(
            f"| {each.method} | {each.width}x{each.height} | {each.batch} | {'yes' if each.compiled else 'no'} "
            f"| {each.milliseconds:.2f} | {each.per_megapixel:.1f} | {paper} |"
        )
    return "\n".join(lines)
