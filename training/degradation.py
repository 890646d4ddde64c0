"""Blurs sharp crops: kernels from a bank, light, sensor, noise and JPEG, on the device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from scipy.fft import next_fast_len
from torch import Tensor

from engine.kernels.families import draw_bank
from training.jpeg import jpeg_like

CAMERA_SHAKE = {"gaussian-process": 1.0, "spline": 1.0, "trajectory": 1.0, "linear": 0.3, "defocus": 0.15}


@dataclass(frozen=True)
class Degradation:
    """The distribution of blur, noise and JPEG; each sample draws uniformly from every range.

    families: kernel families by weight. largest, smallest: extent of a kernel in px. kernels: size of the bank.
    read_noise: standard deviation, pictures in [0, 1]. shot_noise: variance per unit of light.
    linear: share of samples convolved in linear light (gamma 2.2). saturated: share whose highlights were brighter
    than the sensor holds. jpeg: share compressed, with qualities drawn from `qualities`.
    """

    families: Mapping[str, float] = field(default_factory=lambda: dict(CAMERA_SHAKE))
    largest: int = 41
    smallest: int = 5
    kernels: int = 10_000
    read_noise: tuple[float, float] = (0.0, 0.02)
    shot_noise: tuple[float, float] = (0.0, 0.0)
    linear: float = 0.0
    saturated: float = 0.0
    jpeg: float = 0.0
    qualities: tuple[float, float] = (60.0, 98.0)


def plain(noise: float, families: Mapping[str, float] | None = None, largest: int = 41) -> Degradation:
    """Return the papers' recipe: convolution of encoded values and white noise of one strength (in [0, 1])."""
    return Degradation(families or {"spline": 1.0}, largest, read_noise=(noise, noise))


def kernel_bank(degradation: Degradation, seed: int, count: int | None = None) -> Tensor:
    """Draw the kernels that training will use: count x 1 x K x K."""
    rng = np.random.default_rng(seed)
    count = count or degradation.kernels
    bank = draw_bank(count, degradation.largest, rng, degradation.families, degradation.smallest)
    return torch.from_numpy(bank)[:, None]


@dataclass(frozen=True)
class Context:
    """Sizes of the sharp crop that a blurred crop of h x w needs: the kernel's margin on all sides."""

    height: int
    width: int
    kernel: int

    @property
    def outer(self) -> tuple[int, int]:
        """Height and width of the sharp crop to cut."""
        return self.height + self.kernel - 1, self.width + self.kernel - 1

    def inner(self, sharp: Tensor) -> Tensor:
        """Cut the part of N x C x outer (or N x outer) that the blurred crop shows."""
        half = self.kernel // 2
        return sharp[..., half : half + self.height, half : half + self.width]


def convolve(sharp: Tensor, kernels: Tensor, context: Context) -> Tensor:
    """Return y = k * x, the valid part, by FFT: N x C x outer and N x 1 x K x K to N x C x height x width."""
    size = [next_fast_len(side, real=True) for side in sharp.shape[-2:]]
    product = torch.fft.rfft2(sharp, s=size) * torch.fft.rfft2(kernels, s=size)
    whole = torch.fft.irfft2(product, s=size)
    edge = context.kernel - 1
    return whole[..., edge : edge + context.height, edge : edge + context.width]


def degrade(
    sharp: Tensor, kernels: Tensor, context: Context, degradation: Degradation, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Return (blurred N x C x h x w in [0, 1], read noise N) for N x C x outer; the generator is the device's."""
    count, device = len(sharp), sharp.device

    def uniform(low: float, high: float) -> Tensor:
        drawn = torch.rand(count, generator=generator, device=device)
        return (low + (high - low) * drawn)[:, None, None, None]

    gamma = 1 + 1.2 * (uniform(0, 1) < degradation.linear)
    light = sharp.clamp(min=1e-5) ** gamma
    boost = uniform(0.5, 3) * (uniform(0, 1) < degradation.saturated)
    light = light * (1 + boost * (sharp > 0.96))
    blurred = convolve(light, kernels, context).clamp(1e-5, 1) ** (1 / gamma)
    read, shot = uniform(*degradation.read_noise), uniform(*degradation.shot_noise)
    noise = torch.randn(blurred.shape, generator=generator, device=device)
    blurred = blurred + noise * torch.sqrt(read**2 + shot * blurred)
    compressed = uniform(0, 1) < degradation.jpeg
    quality = uniform(*degradation.qualities)
    if degradation.jpeg:
        blurred = torch.where(compressed, jpeg_like(blurred, quality), blurred)
    return (blurred.clamp(0, 1) * 255).round() / 255, read.flatten()
