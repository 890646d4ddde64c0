"""The kinds of photos that the diagnosis must tell apart, made from sharp pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from engine.diagnosis.diagnosis import Kind
from engine.kernels.candidate_figures import extent as extent_of
from engine.kernels.families import defocus_kernel, linear_kernel
from engine.kernels.kernel import Kernel
from training.kernel_judge.ways import path, turned

Drawn = np.random.Generator
OUTPUTS = ("sharp", "shaken", "out of focus", "mixed")
"""What a window may be."""


@dataclass(frozen=True, eq=False)
class Spoiled:
    """A photo with its truth.

    pixels: H x W x 3 float32 in [0, 1]. name: of the kind, in more detail than `kind`. marks: H x W x 4, how much of
    each of OUTPUTS a pixel is. extent: px of the motion. direction: degrees counter-clockwise from right. radius: px.
    """

    name: str
    kind: Kind
    pixels: np.ndarray
    marks: np.ndarray
    extent: float = 0.0
    direction: float = 0.0
    radius: float = 0.0


def blurred_by(pixels: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the true convolution with a kernel; pixels beyond the border are reflected."""
    made = cv2.filter2D(pixels, -1, values[::-1, ::-1], borderType=cv2.BORDER_REFLECT_101)
    return np.asarray(made).reshape(pixels.shape)


def _marks(shape: tuple[int, ...], output: int) -> np.ndarray:
    marks = np.zeros((*shape[:2], len(OUTPUTS)), np.float32)
    marks[..., output] = 1
    return marks


def _axis(values: np.ndarray) -> float:
    """Return the direction of a kernel's long axis in degrees."""
    places = np.indices(values.shape).reshape(2, -1)
    spread = np.cov(places, aweights=values.ravel().astype(np.float64), ddof=0)
    down, across = np.linalg.eigh(spread)[1][:, 1]
    return float(np.degrees(np.arctan2(-down, across)) % 180)


def shaken(sharp: np.ndarray, rng: Drawn, size: float) -> Spoiled:
    """The camera moved by about 3 to 30 px; a third of the motions are straight."""
    wanted = _log_uniform(rng, 3, 30) * size
    straight = rng.random() < 0.35
    values = linear_kernel(wanted, float(rng.uniform(0, 180))) if straight else path(rng, wanted).values
    extent = float(extent_of(Kernel(values)))
    pixels = _in_light(sharp, values) if rng.random() < 0.3 else blurred_by(sharp, values)
    return Spoiled("shaken", Kind.SHAKEN, pixels, _marks(sharp.shape, 1), extent, _axis(values))


def shaken_by_turning(sharp: np.ndarray, rng: Drawn, size: float) -> Spoiled:
    """The camera turned while it moved: blur that differs from place to place."""
    flat = sharp[..., 0] if sharp.shape[2] == 1 else sharp
    pixels = turned(flat, rng, float(rng.uniform(8, 20)) * size).reshape(sharp.shape)
    return Spoiled("turned", Kind.SHAKEN, pixels, np.zeros((*sharp.shape[:2], 4), np.float32), np.nan, np.nan)


def out_of_focus(sharp: np.ndarray, rng: Drawn, size: float) -> Spoiled:
    """A disc with a radius of 2 to 16 px."""
    radius = _log_uniform(rng, 2, 16) * size
    pixels = blurred_by(sharp, defocus_kernel(radius, float(rng.uniform(0.5, 2))))
    return Spoiled("out of focus", Kind.OUT_OF_FOCUS, pixels, _marks(sharp.shape, 2), radius=radius)


def mixed(sharp: np.ndarray, rng: Drawn, size: float) -> Spoiled:
    """Out of focus, and shaken by more than the disc."""
    radius = _log_uniform(rng, 2, 8) * size
    values = linear_kernel(float(radius * rng.uniform(2.5, 5)), float(rng.uniform(0, 180)))
    pixels = blurred_by(blurred_by(sharp, defocus_kernel(radius)), values)
    extent = float(extent_of(Kernel(values)))
    return Spoiled("mixed", Kind.MIXED, pixels, _marks(sharp.shape, 3), extent, _axis(values), radius)


def subject_moved(sharp: np.ndarray, rng: Drawn, size: float) -> Spoiled:
    """A subject of 5 to 30 % of the frame moved by 8 to 35 px; the rest is sharp."""
    values = linear_kernel(_log_uniform(rng, 8, 35) * size, float(rng.uniform(0, 180)))
    mask = _subject(sharp.shape, rng, float(rng.uniform(0.05, 0.3)))
    soft = blurred_by(mask, values)[..., None]
    pixels = soft * blurred_by(sharp, values) + (1 - soft) * sharp
    marks = soft * _marks(sharp.shape, 1) + (1 - soft) * _marks(sharp.shape, 0)
    return Spoiled(
        "subject moved", Kind.SUBJECT_MOVED, pixels, marks, float(extent_of(Kernel(values))), _axis(values)
    )


def plain(sharp: np.ndarray, _: Drawn, __: float) -> Spoiled:
    """Sharp everywhere."""
    return Spoiled("sharp", Kind.SHARP, sharp, _marks(sharp.shape, 0))


def fog(sharp: np.ndarray, rng: Drawn, _: float) -> Spoiled:
    """Sharp, with a quarter to a half of the contrast."""
    pixels = rng.uniform(0.25, 0.5) * sharp + rng.uniform(0.3, 0.5)
    return Spoiled("sharp: fog", Kind.SHARP, pixels.astype(np.float32), _marks(sharp.shape, 0))


def night(sharp: np.ndarray, rng: Drawn, _: float) -> Spoiled:
    """Sharp, dark and full of noise; a camera smooths a part of it."""
    white = rng.standard_normal(sharp.shape, np.float32) * np.float32(rng.uniform(0.01, 0.04))
    grain = np.asarray(cv2.GaussianBlur(white, (0, 0), float(rng.uniform(0.3, 0.7)))).reshape(sharp.shape)
    pixels = sharp ** np.float32(rng.uniform(1.5, 2.5)) * np.float32(0.7) + grain
    return Spoiled("sharp: night", Kind.SHARP, pixels, _marks(sharp.shape, 0))


def snow(sharp: np.ndarray, rng: Drawn, size: float) -> Spoiled:
    """Sharp, with flakes, of which the near ones are out of focus."""
    height, width = sharp.shape[:2]
    pixels = 0.75 * sharp + 0.2
    for radius in (1.0, 2.0, float(rng.uniform(4, 9))):
        dots = np.zeros((height, width), np.float32)
        count = max(int(height * width / (900 * radius**2 * size**2)), 3)
        dots[rng.integers(height, size=count), rng.integers(width, size=count)] = 1
        disc = defocus_kernel(radius * size)
        flakes = np.minimum(blurred_by(dots, disc / disc.max()), 1)[..., None] * 0.7
        pixels = (1 - flakes) * pixels + flakes
    return Spoiled("sharp: snow", Kind.SHARP, pixels.astype(np.float32), _marks(sharp.shape, 0))


def bokeh(sharp: np.ndarray, rng: Drawn, size: float) -> Spoiled:
    """A sharp subject of 12 to 50 % of the frame before a background out of focus."""
    return _before(sharp, rng, float(rng.uniform(0.12, 0.5)), _log_uniform(rng, 3, 16) * size, "sharp: bokeh")


def macro(sharp: np.ndarray, rng: Drawn, size: float) -> Spoiled:
    """The same with a subject of 6 to 12 % and a stronger blur."""
    return _before(sharp, rng, float(rng.uniform(0.06, 0.12)), _log_uniform(rng, 8, 20) * size, "sharp: macro")


def panning(sharp: np.ndarray, rng: Drawn, size: float) -> Spoiled:
    """The camera followed a subject of 10 to 40 % of the frame: the background is streaked."""
    values = linear_kernel(_log_uniform(rng, 12, 45) * size, float(rng.normal(0, 6)))
    mask = _subject(sharp.shape, rng, float(rng.uniform(0.1, 0.4)), wide=True)[..., None]
    pixels = mask * sharp + (1 - mask) * blurred_by(sharp, values)
    marks = mask * _marks(sharp.shape, 0) + (1 - mask) * _marks(sharp.shape, 1)
    return Spoiled("sharp: panning", Kind.SHARP, pixels, marks)


def _before(sharp: np.ndarray, rng: Drawn, share: float, radius: float, name: str) -> Spoiled:
    mask = _subject(sharp.shape, rng, share)[..., None]
    pixels = mask * sharp + (1 - mask) * blurred_by(sharp, defocus_kernel(radius))
    marks = mask * _marks(sharp.shape, 0) + (1 - mask) * _marks(sharp.shape, 2)
    return Spoiled(name, Kind.SHARP, pixels, marks)


def _subject(shape: tuple[int, ...], rng: Drawn, share: float, wide: bool = False) -> np.ndarray:
    """Return the mask of an ellipse, somewhere near the middle, with a rim of a few px; H x W in [0, 1]."""
    height, width = shape[:2]
    ratio = rng.uniform(1.2, 2.2) if wide else rng.uniform(0.5, 1.6)
    area = share * height * width / np.pi
    axes = np.sqrt(area * ratio), np.sqrt(area / ratio)
    middle = round(width * rng.uniform(0.3, 0.7)), round(height * rng.uniform(0.35, 0.65))
    mask = np.zeros((height, width), np.float32)
    cv2.ellipse(mask, middle, (round(axes[0]), round(axes[1])), float(rng.uniform(-20, 20)), 0, 360, 1, -1)
    return cv2.GaussianBlur(mask, (0, 0), 2.0)


def _in_light(sharp: np.ndarray, values: np.ndarray) -> np.ndarray:
    light = np.maximum(sharp, 0) ** np.float32(2.2) * (1 + 2 * (sharp > 0.96))
    return blurred_by(light.astype(np.float32), values).clip(0, 1) ** np.float32(1 / 2.2)


def _log_uniform(rng: Drawn, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


Way = Callable[[np.ndarray, Drawn, float], Spoiled]
SHARP_WAYS: tuple[Way, ...] = (plain, plain, fog, night, snow, bokeh, macro, panning)
BLURRED_WAYS: tuple[Way, ...] = (shaken, shaken, shaken, shaken_by_turning, out_of_focus, out_of_focus, mixed, mixed,
                                 subject_moved, subject_moved)  # fmt: skip
EQUAL_PARTS: tuple[tuple[Way, ...], ...] = (SHARP_WAYS, (shaken,), (out_of_focus,), (subject_moved,), (mixed,))
"""The ways by kind, for a folder with as many photos of each."""


def soft_as_cameras(pixels: np.ndarray, rng: Drawn, size: float = 1.0) -> np.ndarray:
    """Return pixels as soft as lens, filter and demosaicing make them: a Gaussian of up to 0.7 px."""
    sigma = max(float(rng.uniform(0.05, 0.7)) * size, 0.05)
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma)).reshape(pixels.shape)
