"""Judges a run by photos and kernels that it never sees, always the same ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch
from torch import Tensor

from engine.kernels.kernel import Kernel
from training.batches import BatchMaker
from training.degradation import Degradation, kernel_bank
from training.measures import psnr, ssim
from training.sharp import SharpSet

SEED = 20_180_618


@dataclass(frozen=True)
class HeldOutScores:
    """Means over the held-out samples; PSNR in dB. `better` is the share of samples above their input."""

    psnr: float
    ssim: float
    input_psnr: float
    input_ssim: float
    better: float

    def as_dict(self) -> dict[str, float]:
        """Return the figures, rounded for reading."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def kernel_stack(kernels: Sequence[Kernel]) -> Tensor:
    """Return kernels of any odd sizes as a bank, count x 1 x K x K, padded with zeros around their centres."""
    side = max(max(kernel.values.shape) for kernel in kernels)
    padded = [
        np.pad(k.values, [((side - length) // 2,) * 2 for length in k.values.shape]).astype(np.float32)
        for k in kernels
    ]
    return torch.from_numpy(np.stack(padded))[:, None]


class Judge:
    """Scores a restoring function on `count` held-out crops of `size` px.

    bank: kernels to blur with, count x 1 x K x K; those of the degradation if None.
    """

    def __init__(
        self,
        held_out: SharpSet,
        degradation: Degradation,
        size: tuple[int, int],
        device: torch.device,
        count: int = 32,
        bank: Tensor | None = None,
    ) -> None:
        bank = kernel_bank(degradation, SEED, count=256) if bank is None else bank
        maker = BatchMaker(held_out, bank, degradation, device, SEED)
        self.batches = [maker.draw(min(8, count), *size, colour=True) for _ in range(-(-count // 8))]

    @torch.inference_mode()
    def score(self, restore: Callable[[Tensor], Tensor]) -> HeldOutScores:
        """Restore the held-out crops (N x 3 x H x W), and compare them with the sharp ones; see `as_photos`."""
        after, before, similar, similar_before = [], [], [], []
        for batch in self.batches:
            restored = restore(batch.blurred).float()
            after.append(psnr(restored, batch.sharp))
            before.append(psnr(batch.blurred, batch.sharp))
            similar.append(ssim(restored, batch.sharp))
            similar_before.append(ssim(batch.blurred, batch.sharp))
        means = [float(torch.cat(each).mean()) for each in (after, similar, before, similar_before)]
        better = float((torch.cat(after) > torch.cat(before)).float().mean())
        return HeldOutScores(means[0], means[1], means[2], means[3], better)
