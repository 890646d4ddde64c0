"""One search for the kernel of a blurred picture, up to a given size, that does not collapse on large blur.

Kernel and latent image are found in turns, from coarse to fine, as Xu, Zheng and Jia (2013) do. Three things keep the
kernel from shrinking to a few pixels: of the latent image's gradients only the strongest of each direction count
(Cho and Lee 2009), the kernel solves plain least squares with a ridge that a real camera's errors need, and what is
negative is cut only afterwards. METHODS.md, last part, has what each of them is worth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from scipy import fft, signal

from engine.kernels import transforms
from engine.kernels.deconvolution import wrapped
from engine.kernels.estimation import cleaned, gradients
from engine.kernels.latent import latent
from engine.kernels.moving import centred

FIRST, LAST = 4e-3, 1e-4  # weight of the edges in the first round and at least
ROUNDS = 3  # a scale. Five, and a splitting to 1e5, take twice the time: of 32 pictures of the lessons, the best of
# four searches is then no more like the true kernel (0.83; by these 0.85)
CALMING = 1.1  # what the weight of the edges is divided by, and the share of gradients grows by, from round to round
LAST_SPLITTING = 1e3
SHARE = 2.0  # gradients of each direction that are kept, over the square root of pixels times half the kernel's side
TAPER = 0.1  # of the picture's side: a Hann window would lose most of the edges
THRESHOLD, SPECK = 0.05, 0.1  # of the maximum, of the mass: what is less is no part of the kernel
STEPS, CONVERGED = 25, 1e-10
LEAST = 24  # px: a coarser picture tells nothing


@dataclass(frozen=True)
class Search:
    """side: px of the largest kernel that is looked for, odd. ridge: weight of |k|^2; about 2 suits faces of 256 px
    and weak edges, 20 real photos of 800 px.
    """

    side: int
    ridge: float


def search(plane: np.ndarray, wanted: Search, on_round: Callable[[], None] = lambda: None) -> np.ndarray:
    """Return the kernel of an H x W plane in [0, 1]: side x side px, sum 1, its mass centred to the pixel.

    on_round is called after each round, and may raise. Raise ValueError where there are no edges.
    """
    values, weight = _two_pixels(3), FIRST
    for side in _sides(wanted.side):
        scaled = _shrunk(plane, side / wanted.side)
        if min(scaled.shape) < LEAST and side < wanted.side:
            continue
        periodic, soft, share = wrapped(scaled[None], (side, side))[0], gradients(scaled), SHARE
        values = _two_pixels(side) if side == 3 else _resized(values, side)
        for _ in range(ROUNDS):
            sharp = gradients(latent(periodic, values, weight, LAST_SPLITTING)[: scaled.shape[0], : scaled.shape[1]])
            found = cleaned(
                _least_squares(_strongest(sharp, side, share), soft, side, wanted.ridge), THRESHOLD, SPECK
            )
            if not found.any():
                raise ValueError("the picture holds no edge that could tell the kernel")
            values = centred(found / found.sum()).astype(np.float32)
            weight, share = max(weight / CALMING, LAST), share * CALMING
            on_round()
    return values


def _strongest(steps: np.ndarray, side: int, share: float) -> np.ndarray:
    """Keep the strongest of 2 x H x W gradients in each of four directions (Cho and Lee 2009)."""
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
    """Return the side x side k of sum |k * x_i - y_i|^2 + ridge |k|^2, by conjugate gradients, then cut at 0."""
    height, width = sharp.shape[1:]
    window = np.outer(signal.windows.tukey(height, TAPER), signal.windows.tukey(width, TAPER)).astype(np.float32)
    size = [fft.next_fast_len(length + side, real=True) for length in (height, width)]
    fx, fy = (transforms.forward(planes * window, size) for planes in (sharp, soft))
    wanted = _around_origin((np.conj(fx) * fy).sum(0), size, side).astype(np.float64)
    auto = _around_origin((np.abs(fx) ** 2).sum(0), size, 2 * side - 1)
    small = [fft.next_fast_len(3 * side, real=True)] * 2
    laid = np.zeros(small)
    laid[: 2 * side - 1, : 2 * side - 1] = auto
    normal = fft.rfft2(np.roll(laid, (1 - side, 1 - side), (0, 1))).real
    k, rest, ahead = np.zeros((side, side)), wanted, wanted
    power, enough = float((rest**2).sum()), CONVERGED * float((wanted**2).sum())
    for _ in range(STEPS):
        if power <= enough:
            break
        times = fft.irfft2(normal * fft.rfft2(ahead, s=small), s=small)[:side, :side] + ridge * ahead
        length = power / float((ahead * times).sum())
        k, rest = k + length * ahead, rest - length * times
        following = float((rest**2).sum())
        ahead, power = rest + following / power * ahead, following
    return k.clip(0)


def _around_origin(spectrum: np.ndarray, size: list[int], side: int) -> np.ndarray:
    """Return side x side px around no shift of the correlation with this spectrum."""
    whole = fft.fftshift(transforms.backward(spectrum, size))
    row, column, half = whole.shape[0] // 2, whole.shape[1] // 2, side // 2
    return np.asarray(whole[row - half : row + half + 1, column - half : column + half + 1])


def _sides(largest: int) -> list[int]:
    """Return the kernel's sides in px, odd, coarsest first; each the square root of a half of the next."""
    sides = [largest]
    while sides[0] > 3:
        sides.insert(0, max(min(int(np.ceil(largest * 0.5 ** (len(sides) / 2))) | 1, sides[0] - 2), 3))
    return sides


def _shrunk(plane: np.ndarray, factor: float) -> np.ndarray:
    """Blur, then sample."""
    if factor == 1:
        return plane
    sigma = 0.45 / factor
    smooth = cv2.GaussianBlur(plane, (0, 0), max(sigma - 0.3, 0.01)) if sigma > 0.6 else plane
    return np.asarray(cv2.resize(smooth, None, fx=factor, fy=factor))


def _two_pixels(side: int) -> np.ndarray:
    """Return two neighbouring pixels: a blur, since with none there is nothing to sharpen."""
    values = np.zeros((side, side), np.float32)
    values[side // 2, side // 2 - 1 : side // 2 + 1] = 0.5
    return values


def _resized(values: np.ndarray, side: int) -> np.ndarray:
    resized = cv2.resize(values, (side, side))
    return np.asarray(resized / resized.sum())
