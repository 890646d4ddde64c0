"""Non-blind deconvolution of night photos: lamps far brighter than white, and pixels that fit no model, do not pull.

A lamp's streak is as bright as it is in linear light alone, while a photo is encoded and clipped. A solver that takes
the streak's pixels at their word rings over the whole frame. So the lamps are found first, in linear light, from what
is not clipped (Richardson-Lucy; Whyte, Sivic and Zisserman 2014), and their streaks are subtracted. The rest is
deconvolved as any photo, except that a pixel counts as much as it is likely to be an inlier (Cho, Wang and Lee 2011):
little where a streak was subtracted, nothing where it is clipped or the kernel cannot explain it. The lamps are added
to the result.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from engine.kernels.estimation import luma
from engine.kernels.half_quadratic import LIGHT_STEPS, START, WEIGHT_TIMES_NOISE, Spectrum, shrunk_divergence

CLIPPED = 0.995  # a sensor's white: the light may have been brighter
LIT = 1e-4  # share of clipped pixels from which on a dark photo shows lamps
NEAR_WHITE = 0.95  # a restored lamp
MOST_LIT = 0.7  # share of a picture
DARK = 0.35  # median luma, encoded: a photo by day is brighter
LEAST_NOISE = 0.015  # the tone curve is not the one supposed here: an error of the model, as strong as such noise
GAMMA = 2.2
WHITE = 1.02  # in linear light; lamps are brighter
DOUBT = 0.8  # of a streak's light, as far as its shape and the tone curve are known
OUTLIER = 0.1  # odds of an outlier to an inlier at a residual of 0
SPREAD, NARROWEST = 3.0, 4 / 255  # standard deviation of an inlier's residual: in units of the noise, and at least
WIDER = 1.5  # times the median residual, while the picture is still too smooth
BETAS = [4.0 * 2.0 ** (1.2 * step) for step in range(8)]
FIRST_STEPS, STEPS = 12, 4  # of conjugate gradients: for the start, and for each beta
RIDGE = np.float32(1e-3)  # keeps what no pixel tells of as it is
SOLVED = 1e-6  # share of the squared error at which they end


def is_night(pixels: np.ndarray) -> bool:
    """Return whether an H x W x C photo in [0, 1] is dark and has lamps that the sensor clipped."""
    lit = (pixels.max(axis=2) >= CLIPPED).mean() >= LIT
    return bool(lit and np.median(luma(pixels[::2, ::2])) < DARK)


def lit(blurred: np.ndarray, restored: np.ndarray, reach: int) -> np.ndarray:
    """Return where in H x W x C pictures light beyond white may have fallen, H x W: no blur explains a photo there.

    reach: px of the kernel's side. All False by day, and where hardly anything else would be left.
    """
    if not is_night(blurred):
        return np.zeros(blurred.shape[:2], bool)
    lamps = (np.maximum(blurred, restored).max(axis=2) >= NEAR_WHITE).astype(np.uint8)
    around = cv2.dilate(lamps, np.ones((reach, reach), np.uint8)) > 0
    return around & (around.mean() <= MOST_LIT)


@dataclass(frozen=True)
class Scene:
    """A photo without its lamps' streaks, C x height x width; periodic.

    rest: encoded. trust: height x width, how far it can be believed, 0 to 1. lamps: sharp, linear, beyond white.
    """

    rest: np.ndarray
    trust: np.ndarray
    lamps: np.ndarray


def solve_night(
    planes: np.ndarray, hidden: np.ndarray, clipped: np.ndarray, spectrum: Spectrum, noise: float, smoothness: float
) -> np.ndarray:
    """Return what `half_quadratic.solve` does, for a night photo."""
    noise = max(noise, LEAST_NOISE) * smoothness
    scene = _without_lamps(planes, hidden, clipped, spectrum, noise)
    system = _System(spectrum, np.float32(WEIGHT_TIMES_NOISE / noise))
    wanted = system.pull(scene.trust * scene.rest)
    estimate = system.solved(spectrum.forward(scene.rest), scene.trust, wanted, START, FIRST_STEPS)
    for beta in BETAS:
        weights = _inliers(scene, spectrum.backward(estimate * spectrum.kernel), hidden, clipped, noise)
        wanted = np.float32(beta) * spectrum.forward(shrunk_divergence(spectrum.backward(estimate), beta))
        wanted += system.pull(weights * scene.rest)
        estimate = system.solved(estimate, weights, wanted, beta, STEPS)
    return _encoded(_linear(spectrum.backward(estimate)) + scene.lamps)


def _without_lamps(
    planes: np.ndarray, hidden: np.ndarray, clipped: np.ndarray, spectrum: Spectrum, noise: float
) -> Scene:
    linear = _linear(planes)
    lamps = np.maximum(_light(linear, clipped, spectrum) - np.float32(WHITE), 0)
    streaks = spectrum.backward(spectrum.forward(lamps) * spectrum.kernel).clip(0)
    rest = np.maximum(linear - streaks, 0)
    error = np.float32(DOUBT) * streaks + np.maximum(streaks - linear, 0) * ~clipped
    encoded_error = (_encoded(rest + error) - _encoded(rest - error)) / 2
    trust = (noise**2 / (noise**2 + encoded_error**2)).min(axis=0) * ~hidden
    return Scene(_encoded(rest), trust.astype(np.float32), lamps)


def _light(linear: np.ndarray, clipped: np.ndarray, spectrum: Spectrum) -> np.ndarray:
    """Return the sharp picture in linear light by Richardson-Lucy; a clipped pixel says no more than "at least"."""
    light = predicted = np.maximum(linear, 1e-4)
    for _ in range(LIGHT_STEPS):
        ratio = np.where(clipped & (predicted >= linear), 1, linear / np.maximum(predicted, 1e-4))
        light = light * spectrum.backward(spectrum.forward(ratio) * np.conj(spectrum.kernel)).clip(0)
        predicted = spectrum.backward(spectrum.forward(light) * spectrum.kernel)
    return light


def _inliers(
    scene: Scene, predicted: np.ndarray, hidden: np.ndarray, clipped: np.ndarray, noise: float
) -> np.ndarray:
    """Return how much each pixel counts, C x height x width: the E step of Cho, Wang and Lee.

    All channels of a pixel are outliers together, except that each is clipped by itself.
    """
    explained = clipped & (predicted >= scene.rest)
    residual = np.where(explained, 0, scene.rest - predicted)
    typical = WIDER * np.median(np.abs(residual[:, ~hidden][:, ::4])) / 0.6745
    width = max(SPREAD * noise, NARROWEST, typical)
    exponent = np.minimum(np.mean(residual**2, axis=0) / (2 * width**2), 60)
    inlier = scene.trust / (1 + np.float32(OUTLIER) * np.exp(exponent))
    return np.where(explained, 0, inlier).astype(np.float32)


class _System:
    """The equations (weight K^T W K + beta D^T D) x = b over the Fourier transforms of planes."""

    def __init__(self, spectrum: Spectrum, weight: np.float32) -> None:
        self._spectrum, self._weight = spectrum, weight
        width = spectrum.size[1]
        self._twice = np.full(width // 2 + 1, 2, np.float32)  # half of the transform is not stored
        self._twice[0] = 1
        if width % 2 == 0:
            self._twice[-1] = 1

    def pull(self, planes: np.ndarray) -> np.ndarray:
        """Return weight K^T applied to planes, transformed."""
        return np.asarray(self._weight * np.conj(self._spectrum.kernel) * self._spectrum.forward(planes))

    def solved(
        self, start: np.ndarray, weights: np.ndarray, wanted: np.ndarray, beta: float, steps: int
    ) -> np.ndarray:
        """Return x after some steps of conjugate gradients, preconditioned by the equations with all weights 1."""
        smooth = np.float32(beta) * self._spectrum.gradients + RIDGE
        inverse = 1 / (self._weight * np.abs(self._spectrum.kernel) ** 2 + smooth)
        x, error = start, wanted + RIDGE * start - self._applied(start, weights, smooth)
        direction = scaled = inverse * error
        power = first = self._product(error, scaled)
        for _ in range(steps):
            applied = self._applied(direction, weights, smooth)
            length = np.float32(power / max(self._product(direction, applied), 1e-30))
            x, error = x + length * direction, error - length * applied
            scaled = inverse * error
            power, before = self._product(error, scaled), power
            if power <= SOLVED * first:
                break
            direction = scaled + np.float32(power / before) * direction
        return x

    def _applied(self, x: np.ndarray, weights: np.ndarray, smooth: np.ndarray) -> np.ndarray:
        predicted = self._spectrum.backward(x * self._spectrum.kernel)
        return np.asarray(self.pull(weights * predicted) + smooth * x)

    def _product(self, one: np.ndarray, other: np.ndarray) -> float:
        product = one.real * other.real + one.imag * other.imag
        return float(np.einsum("chw,w->", product, self._twice, dtype=np.float64))


def _linear(encoded: np.ndarray) -> np.ndarray:
    return np.asarray(np.maximum(encoded, 0) ** np.float32(GAMMA))


def _encoded(linear: np.ndarray) -> np.ndarray:
    return np.asarray(np.maximum(linear, 0) ** np.float32(1 / GAMMA))
