"""Batches: sharp crops, their blurred versions, and the kernels and noise in between."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from training.degradation import Context, Degradation, degrade
from training.hardware import sent
from training.sharp import SharpSet


@dataclass(frozen=True)
class Batch:
    """sharp, blurred: N x C x H x W in [0, 1]; kernel: N x 1 x K x K; noise: N; labels: N x H x W or None."""

    sharp: Tensor
    blurred: Tensor
    kernel: Tensor
    noise: Tensor
    labels: Tensor | None = None

    def part(self, index: int, of: int) -> Batch:
        """Return every `of`-th sample from `index` on: the share of one rank."""
        labels = None if self.labels is None else self.labels[index::of]
        return Batch(
            self.sharp[index::of], self.blurred[index::of], self.kernel[index::of], self.noise[index::of], labels
        )


class BatchMaker:
    """Draws batches from a sharp set and a kernel bank, all on one device, reproducibly."""

    def __init__(
        self, sharp: SharpSet, bank: Tensor, degradation: Degradation, device: torch.device, seed: int
    ) -> None:
        self.sharp = sharp.to(device)
        self.bank = bank.to(device)
        self.degradation, self.device = degradation, device
        self.choices = torch.Generator().manual_seed(seed)
        self.noise = torch.Generator(device).manual_seed(seed + 1)

    def draw(self, count: int, height: int, width: int, colour: bool) -> Batch:
        """Make a batch of `count` blurred crops of height x width px."""
        context = Context(height, width, self.bank.shape[-1])
        crops = self.sharp.crops(count, *context.outer, self.choices, colour)
        which = sent(torch.randint(len(self.bank), (count,), generator=self.choices), self.device)
        kernels = self.bank[which]
        blurred, noise = degrade(crops.pixels, kernels, context, self.degradation, self.noise)
        labels = None if crops.labels is None else context.inner(crops.labels)
        return Batch(context.inner(crops.pixels), blurred, kernels, noise, labels)

    def state(self) -> dict[str, Tensor]:
        """The state of both random generators."""
        return {"choices": self.choices.get_state(), "noise": self.noise.get_state()}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Continue from a `state`."""
        self.choices.set_state(state["choices"])
        self.noise.set_state(state["noise"])
