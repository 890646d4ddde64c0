"""The solver: half-quadratic splitting under a hyper-Laplacian prior (Krishnan and Fergus 2009), periodic domain.

It minimises weight / 2 ||k * x - z||^2 + sum |grad x|^0.8 over x. Pixels that the photo does not show (beyond its
border) or shows too dark (clipped highlights) are filled with what the current x predicts before each step, which is
the exact majorisation of a data term without them: so neither a border nor a lamp rings.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from engine.kernels import transforms

EXPONENT = 0.8
BETAS = [4.0 * 2.0 ** (0.6 * step) for step in range(15)]  # from smooth to sharp
WEIGHT_TIMES_NOISE = 22.0  # measured on faces over noise of 0.1 to 3 %: the best weight falls with sigma, not sigma^2
LIGHT_STEPS = 30
START = 20.0  # squared-gradient weight of the Wiener step that begins
TABLE, STEEPEST = 8192, 2.0


class Spectrum:
    """A kernel, centred on the origin, and the squared derivatives on a periodic domain of `size` px."""

    def __init__(self, kernel: np.ndarray, size: tuple[int, int]) -> None:
        self.size = size
        laid = np.zeros(size, dtype=np.float32)
        laid[: kernel.shape[0], : kernel.shape[1]] = kernel
        self.kernel = self.forward(np.roll(laid, [-(side // 2) for side in kernel.shape], axis=(0, 1)))
        down = 2 - 2 * np.cos(2 * np.pi * np.arange(size[0]) / size[0])
        along = 2 - 2 * np.cos(2 * np.pi * np.arange(size[1] // 2 + 1) / size[1])
        self.gradients = (down[:, None] + along).astype(np.float32)

    def forward(self, planes: np.ndarray) -> np.ndarray:
        """Transform ... x height x width."""
        return transforms.forward(planes)

    def backward(self, spectra: np.ndarray) -> np.ndarray:
        """Return to ... x height x width."""
        return transforms.backward(spectra, self.size)


def solve(
    planes: np.ndarray, hidden: np.ndarray, clipped: np.ndarray, spectrum: Spectrum, noise: float, smoothness: float
) -> np.ndarray:
    """Return x for C x height x width planes z of the spectrum's size.

    hidden: height x width, True where z is a guess. clipped: C x height x width, True where z is a lower bound.
    noise: standard deviation of z's noise; smoothness: a factor on the prior. Where much of the light fell on clipped
    pixels x is a guess (see `without_guesses`).
    """
    if clipped.any():
        planes = np.where(clipped, np.maximum(planes, _light(planes, clipped, spectrum)), planes)
    weight = np.float32(WEIGHT_TIMES_NOISE / (noise * smoothness))
    power = weight * np.abs(spectrum.kernel) ** 2
    pull = weight * np.conj(spectrum.kernel)
    estimate = pull * spectrum.forward(planes) / (power + START * spectrum.gradients + 1e-3)
    for beta in BETAS:
        wanted = spectrum.forward(shrunk_divergence(spectrum.backward(estimate), beta))
        predicted = spectrum.backward(estimate * spectrum.kernel)
        filled = np.where(hidden, predicted, planes)
        np.maximum(filled, predicted, out=filled, where=clipped)
        wanted *= np.float32(beta)
        wanted += pull * spectrum.forward(filled)
        estimate = wanted / (power + np.float32(beta) * spectrum.gradients)
    return spectrum.backward(estimate)


def without_guesses(sharp: np.ndarray, planes: np.ndarray, clipped: np.ndarray, spectrum: Spectrum) -> np.ndarray:
    """Return x faded to z where a pixel's light fell mostly on clipped ones, which tell nothing about it."""
    if not clipped.any():
        return sharp
    reached = spectrum.backward(spectrum.forward(clipped.astype(np.float32)) * np.conj(spectrum.kernel)).clip(0, 1)
    return np.asarray(sharp + reached**2 * (planes - sharp))


def _light(planes: np.ndarray, clipped: np.ndarray, spectrum: Spectrum) -> np.ndarray:
    """Return k * x as the halos tell it: Richardson-Lucy without the clipped pixels (after Whyte et al. 2014).

    The splitting alone would need hundreds of steps to see that a lamp was ten times brighter than white.
    """
    light = np.maximum(planes, 1e-3)
    predicted = light
    for _ in range(LIGHT_STEPS):
        ratio = np.where(clipped & (predicted >= planes), 1, planes / np.maximum(predicted, 1e-3))
        light = light * spectrum.backward(spectrum.forward(ratio) * np.conj(spectrum.kernel)).clip(0)
        predicted = spectrum.backward(spectrum.forward(light) * spectrum.kernel)
    return predicted


def shrunk_divergence(planes: np.ndarray, beta: float) -> np.ndarray:
    """Return D^T w, w being the derivatives of C x height x width planes after the step of the prior.

    The channels share one factor, by their mean square: an edge is an edge in all of them, noise is not (+0.5 dB).
    """
    table = _shrinkage(EXPONENT, beta)
    total = np.zeros_like(planes)
    for axis in (1, 2):
        step = np.roll(planes, -1, axis=axis)
        step -= planes
        strength = np.sqrt(np.mean(step**2, axis=0))
        step *= table[np.minimum(strength * (TABLE / STEEPEST), TABLE - 1).astype(np.intp)]
        total -= step
        total += np.roll(step, 1, axis=axis)
    return total


@cache
def _shrinkage(exponent: float, beta: float) -> np.ndarray:
    """Return the table of w / v for v in 0 .. STEEPEST, where w minimises |w|^exponent + beta / 2 (w - v)^2."""
    v = np.linspace(0, STEEPEST, TABLE)
    w = v.copy()
    for _ in range(30):  # the larger root of the derivative, by its fixed point
        w = np.maximum(v - exponent / beta * np.maximum(w, 1e-9) ** (exponent - 1), 0)
    better = w**exponent + beta / 2 * (w - v) ** 2 < beta / 2 * v**2
    return np.divide(w, v, out=np.zeros_like(v), where=better & (v > 0)).astype(np.float32)
