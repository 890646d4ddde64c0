"""The baselines in every table: no change, sharpening, and deconvolution with the true kernel."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from skimage.filters import unsharp_mask
from skimage.restoration import richardson_lucy, wiener

from engine.kernels.deconvolution import deconvolve
from training.evaluation.samples import Sample


def blurred_input(sample: Sample) -> np.ndarray:
    """Return the blurred picture unchanged."""
    return sample.blurred


def unsharp(sample: Sample) -> np.ndarray:
    """Apply an unsharp mask as in any photo program: radius 2 px, amount 1."""
    return _each_channel(sample.blurred, lambda plane: unsharp_mask(plane, radius=2, amount=1))


def richardson_lucy_true(sample: Sample) -> np.ndarray:
    """Apply Richardson-Lucy with the true kernel, 20 iterations (more would amplify the noise)."""
    psf = _true(sample)
    padding = max(psf.shape)
    return _each_channel(
        sample.blurred, lambda plane: _inner(richardson_lucy(_padded(plane, padding), psf, 20), padding)
    )


def wiener_true(sample: Sample) -> np.ndarray:
    """Apply a Wiener filter with the true kernel (scikit-image's, Laplacian regularisation)."""
    psf = _true(sample)
    padding = max(psf.shape)
    return _each_channel(
        sample.blurred, lambda plane: _inner(wiener(_padded(plane, padding), psf, balance=0.02), padding)
    )


def hyper_laplacian_true(sample: Sample) -> np.ndarray:
    """Apply our own non-blind step with the true kernel: the result of a perfect kernel estimate."""
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
