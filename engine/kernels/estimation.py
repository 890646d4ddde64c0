"""The kernel that leads from a restored picture back to the blurred one, and how well it does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import fft, ndimage, signal

from engine.kernels.blurring import blur
from engine.kernels.kernel import Kernel
from engine.kernels.noise import noise_level

LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
WINDOW = 1024  # px a side: a larger part of a photo knows the kernel no better
STRIDE = 64
LARGEST = 151
MASS = 0.99
THRESHOLD = 0.03  # of the maximum: what a quotient holds below is ripple
NOISE_THRESHOLD = 3.0  # standard deviations of the quotient far away from the kernel
SPECK = 0.02  # of the mass: a smaller island is no part of a path
MAP_SIGMA = 6.0


def estimate_kernel(blurred: np.ndarray, restored: np.ndarray, size: int | None = None) -> Kernel:
    """Estimate k in blurred = k * restored from two H x W x 3 (or H x W) pictures in [0, 1].

    The regularised quotient of Schuler et al. 2016, equation 4, on the gradients of luma, windowed by Bartlett-Hann;
    negatives, ripple and specks cut. Its centre stays at no shift, so that k * restored lies on the photo; its side
    is `size` or the smallest odd one that holds 99 % of the mass. Raise ValueError where the pictures differ in size
    or hold no edge.
    """
    if blurred.shape[:2] != restored.shape[:2]:
        raise ValueError(f"the pictures differ in size: {blurred.shape[:2]} and {restored.shape[:2]}")
    window = telling_window(restored)
    y, x = luma(blurred[window]), luma(restored[window])
    largest = size or min(LARGEST, _odd(min(x.shape) // 2))
    spectra = _Spectra.of(y, x)
    # What is not blur in a sharp picture is taken for noise at first; what the first kernel leaves over is nearer.
    guess = spectra.noise(noise_level(y))
    first = spectra.kernel(guess, largest)
    values = spectra.kernel(min(guess, spectra.unexplained(first)), largest)
    return Kernel(values if size else _smallest(values))


def reblur_residual(blurred: np.ndarray, restored: np.ndarray, kernel: Kernel) -> tuple[float, np.ndarray]:
    """Return ||k * x - y|| / sigma_n per pixel, and the H x W float32 map of its local value.

    About 1 where the restored picture explains the photo up to noise; larger where detail was invented. The figure is
    taken where the kernel needs no pixel from beyond the border (everywhere, if it is larger than the picture).
    """
    height, width = kernel.values.shape
    return unexplained(blurred, blur(restored, kernel), (height // 2, width // 2))


def unexplained(blurred: np.ndarray, reblurred: np.ndarray, border: tuple[int, int]) -> tuple[float, np.ndarray]:
    """Return figure and map of `reblur_residual` for a restored picture that is blurred again already.

    border: (y, x) px at the edges that the figure leaves out.
    """
    error = (reblurred - blurred).reshape(*blurred.shape[:2], -1)
    power = np.mean(error**2, axis=2)
    sigma = noise_level(blurred)
    half_y, half_x = border
    valid = power[half_y : power.shape[0] - half_y, half_x : power.shape[1] - half_x]
    figure = np.sqrt(np.mean(valid if valid.size else power, dtype=np.float64)) / sigma
    smooth = ndimage.gaussian_filter(power, MAP_SIGMA, mode="reflect")
    return float(figure), (np.sqrt(smooth) / sigma).astype(np.float32)


def similarity(a: Kernel, b: Kernel) -> float:
    """Return the largest normalised cross-correlation of two kernels over all shifts, in [0, 1]."""
    products = signal.fftconvolve(a.values.astype(np.float64), b.values[::-1, ::-1].astype(np.float64))
    return float(min(products.max() / (np.linalg.norm(a.values) * np.linalg.norm(b.values)), 1.0))


def luma(pixels: np.ndarray) -> np.ndarray:
    """Return the H x W luma (Rec. 601) of H x W x 3 or H x W pixels."""
    return np.asarray(pixels if pixels.ndim == 2 else pixels @ LUMA, dtype=np.float32)


def telling_window(pixels: np.ndarray) -> tuple[slice, slice]:
    """Return the rows and columns of at most 1024 x 1024 px that hold the strongest gradients."""
    height, width = pixels.shape[:2]
    if height <= WINDOW and width <= WINDOW:
        return slice(0, height), slice(0, width)
    green = pixels if pixels.ndim == 2 else pixels[..., 1]
    # Every fourth row is enough to rank windows.
    detail = np.abs(np.diff(green[::4], axis=1, append=green[::4, -1:]))
    sums = np.pad(detail, ((1, 0), (1, 0))).cumsum(axis=0, dtype=np.float64).cumsum(axis=1)
    tops = np.append(np.arange(0, max(height - WINDOW, 0), STRIDE), max(height - WINDOW, 0))
    lefts = np.append(np.arange(0, max(width - WINDOW, 0), STRIDE), max(width - WINDOW, 0))
    bottoms, rights = np.minimum(tops + WINDOW, height), np.minimum(lefts + WINDOW, width)
    first, last = tops // 4, bottoms // 4
    inside = sums[np.ix_(last, rights)] - sums[np.ix_(first, rights)] - sums[np.ix_(last, lefts)]
    best = np.unravel_index(np.argmax(inside + sums[np.ix_(first, lefts)]), inside.shape)
    return slice(tops[best[0]], bottoms[best[0]]), slice(lefts[best[1]], rights[best[1]])


@dataclass(frozen=True)
class _Spectra:
    """Sums over the two windowed gradients: conj(F x_i) F y_i, |F x_i|^2, |F y_i|^2."""

    cross: np.ndarray
    sharp: np.ndarray
    soft: np.ndarray
    size: list[int]
    window_power: float

    @classmethod
    def of(cls, y: np.ndarray, x: np.ndarray) -> _Spectra:
        window = np.outer(*(signal.windows.barthann(side - 1) for side in x.shape)).astype(np.float32)
        size = [fft.next_fast_len(side + min(side, LARGEST), real=True) for side in x.shape]
        fx, fy = (fft.rfft2(_gradients(plane) * window, s=size, workers=-1) for plane in (x, y))
        sharp, soft = ((np.abs(f) ** 2).sum(axis=0) for f in (fx, fy))
        if sharp.max() < 1e-6 * window.sum():
            raise ValueError("the restored picture holds no edge that could tell the kernel")
        return cls((np.conj(fx) * fy).sum(axis=0), sharp, soft, size, float(np.sum(window**2)))

    def noise(self, sigma: float) -> float:
        """Return what white noise of `sigma` adds to `soft`: each gradient doubles its variance."""
        return 4 * sigma**2 * self.window_power

    def kernel(self, beta: float, side: int) -> np.ndarray:
        """Return the cleaned side x side quotient; beta weighs as in a Wiener filter, a kernel's spectrum being 1."""
        whole = fft.fftshift(fft.irfft2(self.cross / (self.sharp + beta + 1e-4), s=self.size, workers=-1))
        return _cleaned(*_crop(whole, side))

    def unexplained(self, kernel: np.ndarray) -> float:
        """Return the mean over frequencies of sum |F y_i - K F x_i|^2."""
        laid = np.zeros(self.size, dtype=np.float32)
        laid[: len(kernel), : len(kernel)] = kernel / kernel.sum()
        spectrum = fft.rfft2(np.roll(laid, (-(len(kernel) // 2),) * 2, axis=(0, 1)), workers=-1)
        rest = self.soft - 2 * np.real(np.conj(spectrum) * self.cross) + np.abs(spectrum) ** 2 * self.sharp
        return float(np.mean(rest))


def _gradients(plane: np.ndarray) -> np.ndarray:
    return np.stack([np.diff(plane, axis=1)[:-1], np.diff(plane, axis=0)[:, :-1]])


def _crop(whole: np.ndarray, side: int) -> tuple[np.ndarray, float]:
    """Return the middle side x side px and the standard deviation of what lies outside of them."""
    half, (row, column) = side // 2, (length // 2 for length in whole.shape)
    inside = np.zeros(whole.shape, dtype=bool)
    inside[row - half : row + half + 1, column - half : column + half + 1] = True
    return whole[inside].reshape(side, side), float(np.median(np.abs(whole[~inside])) / 0.6745)


def _cleaned(values: np.ndarray, noise: float) -> np.ndarray:
    """Cut negatives, ripple and small islands; what is left is normalised by Kernel."""
    kept = np.where(values >= max(THRESHOLD * values.max(), NOISE_THRESHOLD * noise), values, 0).clip(0)
    if kept.max() <= 0:
        raise ValueError("no kernel stands out of the noise")
    islands, count = ndimage.label(kept > 0, structure=np.ones((3, 3)))
    masses = ndimage.sum_labels(kept, islands, np.arange(count + 1))
    masses[0] = 0
    return kept * (masses >= SPECK * masses.sum())[islands]


def _smallest(values: np.ndarray) -> np.ndarray:
    """Return the smallest odd square around the centre that holds 99 % of the mass."""
    middle, total = len(values) // 2, values.sum()
    for half in range(middle):
        part = values[middle - half : middle + half + 1, middle - half : middle + half + 1]
        if part.sum() >= MASS * total:
            return part
    return values


def _odd(side: int) -> int:
    return side - 1 + side % 2
