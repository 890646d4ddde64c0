"""The rows that every table carries: what doing nothing, sharpening, or knowing the kernel would give."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from skimage.filters import unsharp_mask
from skimage.restoration import richardson_lucy, wiener

from engine.kernels.deconvolution import deconvolve
from training.evaluation.samples import Sample


def blurred_input(sample: Sample) -> np.ndarray:
    """The blurred picture as it is."""
    return sample.blurred


def unsharp(sample: Sample) -> np.ndarray:
    """What every photo program has: radius 2 px, amount 1."""
    return _each_channel(sample.blurred, lambda plane: unsharp_mask(plane, radius=2, amount=1))


def richardson_lucy_true(sample: Sample) -> np.ndarray:
    """Richardson-Lucy with the true kernel, 20 iterations (more would amplify the noise)."""
    psf = _true(sample)
    padding = max(psf.shape)
    return _each_channel(
        sample.blurred, lambda plane: _inner(richardson_lucy(_padded(plane, padding), psf, 20), padding)
    )


def wiener_true(sample: Sample) -> np.ndarray:
    """Wiener filter with the true kernel (scikit-image's, Laplacian regularisation)."""
    psf = _true(sample)
    padding = max(psf.shape)
    return _each_channel(
        sample.blurred, lambda plane: _inner(wiener(_padded(plane, padding), psf, balance=0.02), padding)
    )


def hyper_laplacian_true(sample: Sample) -> np.ndarray:
    """Our own non-blind step with the true kernel: what a perfect kernel estimate would give."""
    assert sample.kernel is not None
    return deconvolve(sample.blurred, sample.kernel)


BLURRED = "blurred input"
ALWAYS = {BLURRED: blurred_input, "unsharp mask": unsharp}
WITH_TRUE_KERNEL = {
    "Richardson-Lucy, true kernel": richardson_lucy_true,
    "Wiener, true kernel": wiener_true,
    "hyper-Laplacian, true kernel": hyper_laplacian_true,
}


def _true(sample: Sample) -> np.ndarray:
    assert sample.kernel is not None
    return sample.kernel.values


def _each_channel(pixels: np.ndarray, restore: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    planes = [restore(pixels[..., channel]) for channel in range(pixels.shape[-1])]
    return np.stack(planes, -1).astype(np.float32).clip(0, 1)


def _padded(plane: np.ndarray, padding: int) -> np.ndarray:
    return np.pad(plane, padding, mode="symmetric")


def _inner(plane: np.ndarray, padding: int) -> np.ndarray:
    return plane[padding:-padding, padding:-padding]
