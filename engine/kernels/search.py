"""One search for the blur kernel of a grey picture, from coarse to fine: sharp edges and kernel in turns.

The latent image has L0-regularised gradients (Xu, Zheng and Jia 2013); the strongest of them in four directions tell
the kernel (Cho and Lee 2009) by plain least squares, whose faint and negative parts are cut afterwards. Constraints
inside the least squares (sum 1, not negative) and a window that fades the borders both make large kernels collapse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from scipy import fft, signal

from engine.kernels.deconvolution import wrapped
from engine.kernels.estimation import cleaned, gradients
from engine.kernels.families.drawing import centre_of_mass
from engine.kernels.half_quadratic import Spectrum

SHRINKING = 0.5**0.5  # from a scale to the next coarser one
ROUNDS = 5  # a scale
CALMING = 1.1  # what the weight of the edges is divided by from round to round
FIRST, LAST = 4e-3, 1e-4  # weight of the edges
LAST_SPLITTING = 1e5
TAPER = 0.1  # share of the picture that fades at its borders
SHARE = 2.0  # gradients kept in each direction, in units of sqrt(pixels) x side / 2
THRESHOLD, SPECK = 0.05, 0.1  # of the kernel's maximum and mass: below them a part is nothing
STEPS = 25  # of conjugate gradients
CONVERGED = 1e-10


@dataclass(frozen=True)
class Search:
    """side: px of the largest kernel. ridge: on the kernel's squared values; large kernels want more of it."""

    side: int
    ridge: float = 20.0


def search(plane: np.ndarray, options: Search, on_step: Callable[[], None] = lambda: None) -> np.ndarray:
    """Return the side x side float32 kernel of an H x W plane in [0, 1]; its mass is centred to a pixel.

    on_step is called after each scale, and may raise. Raise ValueError where no edge tells a kernel.
    """
    values, weight = None, FIRST
    for side in _sides(options.side):
        scaled = _shrunk(plane, side / options.side)
        periodic, soft, share = wrapped(scaled[None], (side, side))[0], gradients(scaled), SHARE
        values = _start(side) if values is None else _resized(values, side)
        for _ in range(ROUNDS):
            sharp = gradients(latent(periodic, values, weight)[: scaled.shape[0], : scaled.shape[1]])
            kernel = _least_squares(_strongest(sharp, side, share), soft, side, options.ridge)
            values = centred(cleaned(kernel, THRESHOLD, SPECK))
            share, weight = share * CALMING, max(weight / CALMING, LAST)
        on_step()
    assert values is not None
    return values


def latent(plane: np.ndarray, kernel: np.ndarray, weight: float) -> np.ndarray:
    """Return the x of |k * x - y|^2 + weight |grad x|_0 for a periodic H x W plane y, by half-quadratic splitting."""
    spectrum = Spectrum(kernel, (plane.shape[0], plane.shape[1]))
    power = np.abs(spectrum.kernel) ** 2
    pull = np.conj(spectrum.kernel) * spectrum.forward(plane)
    x, beta = plane, 2 * weight
    while beta < LAST_SPLITTING:
        across, down = np.roll(x, -1, axis=1) - x, np.roll(x, -1, axis=0) - x
        kept = across**2 + down**2 >= weight / beta
        across, down = across * kept, down * kept
        inward = np.roll(across, 1, axis=1) - across + np.roll(down, 1, axis=0) - down
        strength = np.float32(beta)
        x = spectrum.backward((pull + strength * spectrum.forward(inward)) / (power + strength * spectrum.gradients))
        beta *= 2
    return x


def centred(values: np.ndarray) -> np.ndarray:
    """Move a kernel, by whole pixels, so that the centre of its mass is its centre; its sum becomes 1.

    Raise ValueError where it holds nothing.
    """
    total = float(values.sum())
    if not total > 0:
        raise ValueError("the picture holds no edge that could tell the kernel")
    middle = len(values) // 2
    x, y = centre_of_mass(values / total)
    moved = np.roll(values, (middle - round(middle + y), middle - round(middle + x)), axis=(0, 1))
    return np.asarray(moved / total, np.float32)


def _strongest(steps: np.ndarray, side: int, share: float) -> np.ndarray:
    """Keep the strongest of 2 x H x W gradients in each of four directions (Cho and Lee 2009, section 4.2)."""
    strength = np.hypot(*steps)
    direction = (np.arctan2(steps[1], steps[0]) % np.pi) // (np.pi / 4)
    count, kept = int(share * np.sqrt(strength.size) * side / 2), np.zeros(strength.shape, bool)
    for each in range(4):
        mine = direction == each
        values = strength[mine]
        least = np.partition(values, values.size - count)[values.size - count] if values.size > count else 0
        kept |= mine & (strength >= least)
    return steps * kept


def _least_squares(sharp: np.ndarray, soft: np.ndarray, side: int, ridge: float) -> np.ndarray:
    """Return the k >= 0 near the least of sum |k * x_i - y_i|^2 + ridge |k|^2, by conjugate gradients and a cut.

    sharp, soft: 2 x H x W gradients. The normal equations need no more of them than a cross- and an autocorrelation
    of the kernel's size.
    """
    height, width = sharp.shape[1:]
    window = np.outer(signal.windows.tukey(height, TAPER), signal.windows.tukey(width, TAPER)).astype(np.float32)
    size = [fft.next_fast_len(length + side, real=True) for length in (height, width)]
    fx, fy = (fft.rfft2(planes * window, s=size, workers=-1) for planes in (sharp, soft))
    wanted = _middle((np.conj(fx) * fy).sum(0), size, side).astype(np.float64)
    small = [fft.next_fast_len(3 * side, real=True)] * 2
    laid = np.zeros(small)
    laid[: 2 * side - 1, : 2 * side - 1] = _middle((np.abs(fx) ** 2).sum(0), size, 2 * side - 1)
    normal = fft.rfft2(np.roll(laid, (1 - side, 1 - side), (0, 1))).real
    kernel, rest = np.zeros((side, side)), wanted
    ahead, power = rest, float((rest**2).sum())
    enough = CONVERGED * power
    for _ in range(STEPS):
        if power <= enough:
            break
        times = fft.irfft2(normal * fft.rfft2(ahead, s=small), s=small)[:side, :side] + ridge * ahead
        length = power / float((ahead * times).sum())
        kernel, rest = kernel + length * ahead, rest - length * times
        before, power = power, float((rest**2).sum())
        ahead = rest + power / before * ahead
    return kernel.clip(0)


def _middle(spectrum: np.ndarray, size: list[int], side: int) -> np.ndarray:
    """Return side x side px around no shift of a correlation."""
    whole = fft.fftshift(fft.irfft2(spectrum, s=size, workers=-1))
    row, column, half = whole.shape[0] // 2, whole.shape[1] // 2, side // 2
    return np.asarray(whole[row - half : row + half + 1, column - half : column + half + 1])


def _sides(largest: int) -> list[int]:
    """Return the kernel's sides in px, odd, coarsest first."""
    sides = [largest]
    while sides[0] > 3:
        sides.insert(0, max(min(int(np.ceil(largest * SHRINKING ** len(sides))) | 1, sides[0] - 2), 3))
    return sides


def _shrunk(plane: np.ndarray, factor: float) -> np.ndarray:
    if factor == 1:
        return plane
    sigma = 0.45 / factor
    calm = cv2.GaussianBlur(plane, (0, 0), max(sigma - 0.3, 0.01)) if sigma > 0.6 else plane
    return np.asarray(cv2.resize(calm, None, fx=factor, fy=factor))


def _start(side: int) -> np.ndarray:
    """Return two neighbouring pixels: a blur, since with none there is nothing to sharpen."""
    values = np.zeros((side, side), np.float32)
    values[side // 2, side // 2 - 1 : side // 2 + 1] = 0.5
    return values


def _resized(values: np.ndarray, side: int) -> np.ndarray:
    resized = cv2.resize(values, (side, side))
    return np.asarray(resized / resized.sum())
