"""What a quick search finds in a blurred photo, and what undoing it makes of a window: whether it can be saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.kernels.blind import photo_kernel, sparsity
from engine.kernels.blurring import blur
from engine.kernels.deconvolution import deconvolve
from engine.kernels.estimation import telling_window
from engine.kernels.kernel import Kernel
from engine.kernels.noise import noise_level
from engine.kernels.sharpness import fineness

SIDE = 192  # px of the window that is searched
MODEL_ERROR = 0.004  # of [0, 1]: JPEG and rounding leave as much, however little noise is measured
SHOWN = 0.05  # of a kernel's maximum
TINY = 1e-6


@dataclass(frozen=True, eq=False)
class Prospect:
    """kernel: what was found. restored: the window without it. figures: what they tell of the expected gain."""

    kernel: Kernel
    restored: np.ndarray
    figures: np.ndarray


def prospect(plane: np.ndarray, check: Callable[[], None] = lambda: None) -> Prospect | None:
    """Search an H x W plane in [0, 1] for the kernel that blurred it, in the window that tells most of it.

    check is called several times a second, and may raise. None if there are no edges.
    """
    part = np.ascontiguousarray(plane[telling_window(plane, SIDE)])
    try:
        kernel = photo_kernel(part, SIDE, on_round=check)
    except ValueError:
        return None
    noise = max(noise_level(part), MODEL_ERROR)
    restored = deconvolve(part[..., None], kernel, noise, smoothness=1.5, night=False)[..., 0]
    return Prospect(kernel, restored, _figures(part, restored, kernel, noise))


def _figures(plane: np.ndarray, restored: np.ndarray, kernel: Kernel, noise: float) -> np.ndarray:
    mass = kernel.values[kernel.values > 0]
    short, long = deviations(kernel)
    half = len(kernel.values) // 2
    rest = (blur(restored, kernel) - plane)[half : len(plane) - half, half : plane.shape[1] - half]
    rest = rest if rest.size else np.zeros((1, 1), np.float32)
    before, after = fineness(plane), fineness(restored)
    return np.array(
        [
            np.log2(noise),
            np.log2(long + 0.1),
            np.log2(short + 0.1),
            -float((mass * np.log(mass)).sum()),
            float((kernel.values > SHOWN * kernel.values.max()).sum()),
            before,
            after,
            after - before,
            np.log(sparsity([restored]) / max(sparsity([plane]), TINY)),
            np.log(float(np.sqrt((rest**2).mean())) / noise + TINY),
            float(((restored <= TINY) | (restored >= 1 - TINY)).mean()),
            float(plane.std()),
        ],
        np.float32,
    )


def deviations(kernel: Kernel) -> tuple[float, float]:
    """Return a kernel's standard deviations in px along its short and its long axis."""
    places = np.indices(kernel.values.shape).reshape(2, -1)
    spread = np.cov(places, aweights=kernel.values.ravel().astype(np.float64), ddof=0)
    short, long = np.sqrt(np.linalg.eigvalsh(spread).clip(0))
    return float(short), float(long)
