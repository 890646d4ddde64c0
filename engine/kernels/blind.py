"""The blur kernel of a photo itself: blind estimation that starts from a restored picture.

A picture that is still blurred explains the photo by too small a kernel, so the pair alone does not tell how the
camera moved. Alternated here, as in Cho and Lee 2009: the kernel from the salient edges of the latent image, and a
latent image from the kernel, by L0-regularised gradients (Xu, Zheng and Jia 2013), which are sharp or nothing.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from engine.kernels.deconvolution import wrapped
from engine.kernels.estimation import Spectra, cleaned, gradients, luma, smallest, telling_window
from engine.kernels.half_quadratic import Spectrum
from engine.kernels.kernel import Kernel
from engine.kernels.noise import noise_level

WINDOW = 512  # px a side
SIDE = 41  # px: a wider blur leaves a network nothing to start from
SCALES = 4, 2, 1  # coarse to fine
ROUNDS = {4: 5, 2: 5, 1: 6}
LEAST = 96  # px: a smaller picture tells nothing at a coarse scale; 64 px of a face mislead
KERNEL_STEPS = 40
RIDGE = 5.0  # of the noise's power
FIRST_SHARE, SHARE = 0.1, 0.2  # of the gradients: the strongest are edges
FIRST_SIGMA = 1.0  # px: the restored picture is smoothed for its edges
L0_WEIGHTS = 4e-3, 1e-3  # from the first to the last round
L0_BETAS, L0_STEPS = 10.0, 5  # the last weight of the splitting, and how many lead to it
THRESHOLD, SPECK = 0.05, 0.05


def photo_kernel(blurred: np.ndarray, restored: np.ndarray) -> Kernel:
    """Estimate the blur of an H x W x 3 (or H x W) photo in [0, 1], looking at the 512 px with most detail.

    restored: any picture of the same size whose edges are nearer to the sharp ones than the photo's. Raise ValueError
    where there are no edges.
    """
    window = telling_window(restored, WINDOW)
    y, x = luma(blurred[window]), luma(restored[window])
    coarse = None
    for scale in SCALES:
        if scale == 1 or min(y.shape) // scale >= LEAST:
            side = min(SIDE // scale, min(y.shape) // scale // 4 * 2) | 1
            coarse = _at_one_scale(_shrunk(y, scale), _shrunk(x, scale), side, coarse, ROUNDS[scale])
    assert coarse is not None
    return Kernel(smallest(coarse))


def _at_one_scale(y: np.ndarray, x: np.ndarray, side: int, coarse: np.ndarray | None, rounds: int) -> np.ndarray:
    """Return the side x side kernel of y after some rounds that start from the kernel at half the size, or from x."""
    noise = noise_level(y)
    planes = wrapped(y[None], (side, side))[0]
    height, width = y.shape
    soft, edges = gradients(y), _strongest(gradients(ndimage.gaussian_filter(x, FIRST_SIGMA)), FIRST_SHARE)
    if coarse is not None:
        values = _enlarged(coarse, side)
        edges = _strongest(gradients(_latent(planes, values, L0_WEIGHTS[0])[:height, :width]), SHARE)
    for weight in np.geomspace(*L0_WEIGHTS, rounds):
        spectra = Spectra.of(soft, edges)
        ridge = RIDGE * 4 * noise**2 * spectra.window_power
        values = cleaned(spectra.kernel(side, ridge, steps=KERNEL_STEPS), THRESHOLD, SPECK).astype(np.float32)
        values /= values.sum()
        edges = _strongest(gradients(_latent(planes, values, weight)[:height, :width]), SHARE)
    return values


def _shrunk(plane: np.ndarray, scale: int) -> np.ndarray:
    """Return the means of scale x scale px."""
    height, width = (side // scale for side in plane.shape)
    cut = plane[: height * scale, : width * scale]
    return np.asarray(cut.reshape(height, scale, width, scale).mean(axis=(1, 3)))


def _enlarged(values: np.ndarray, side: int) -> np.ndarray:
    """Return a kernel of half the scale as one of side x side px."""
    places = (np.arange(side) - side // 2) / 2 + len(values) // 2
    large = ndimage.map_coordinates(values, np.meshgrid(places, places, indexing="ij"), order=1)
    return np.asarray(large / large.sum(), dtype=np.float32)


def _strongest(steps: np.ndarray, share: float) -> np.ndarray:
    """Return 2 x H x W gradients with all but the strongest `share` at 0."""
    strength = np.hypot(*steps)
    return np.asarray(steps * (strength >= np.quantile(strength, 1 - share)))


def _latent(plane: np.ndarray, kernel: np.ndarray, weight: float) -> np.ndarray:
    """Return the x of |k * x - y|^2 + weight |grad x|_0 for a periodic H x W plane y, by half-quadratic splitting."""
    spectrum = Spectrum(kernel, plane.shape)
    power = np.abs(spectrum.kernel) ** 2
    pull = np.conj(spectrum.kernel) * spectrum.forward(plane)
    x = spectrum.backward(pull / (power + 0.01 * spectrum.gradients + 1e-4))
    for beta in np.geomspace(2 * weight, L0_BETAS, L0_STEPS).astype(np.float32):
        across, down = np.roll(x, -1, axis=1) - x, np.roll(x, -1, axis=0) - x
        kept = across**2 + down**2 >= weight / beta
        across, down = across * kept, down * kept
        inward = np.roll(across, 1, axis=1) - across + np.roll(down, 1, axis=0) - down
        x = spectrum.backward((pull + beta * spectrum.forward(inward)) / (power + beta * spectrum.gradients + 1e-6))
    return x
