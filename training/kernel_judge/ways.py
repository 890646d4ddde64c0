"""The ways in which photos are spoiled: shaken, out of focus, turned, with a subject that moved, or not at all."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from engine.kernels.blurring import add_noise, blur
from engine.kernels.families import centred, defocus_kernel, draw_kernel, linear_kernel
from engine.kernels.kernel import Kernel

GAMMA = 2.2
FAMILIES = ("trajectory", "gaussian-process", "spline")
Drawn = np.random.Generator
Way = Callable[[np.ndarray, Drawn, float], np.ndarray]


def shaken(sharp: np.ndarray, rng: Drawn, extent: float) -> np.ndarray:
    """The camera moved in a plane by about `extent` px."""
    return blur(sharp, path(rng, extent))


def path(rng: Drawn, extent: float) -> Kernel:
    """Return the kernel of a camera that moved by about `extent` px: the drawn paths are scaled to it."""
    side = max(int(np.ceil(extent)) | 1, 3)
    family = FAMILIES[rng.integers(len(FAMILIES))]
    if side <= 61:
        return Kernel(centred(draw_kernel(family, side, rng)))
    small = centred(draw_kernel(family, 61, rng))
    large = cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC).clip(0)
    large[large < 0.02 * large.max()] = 0
    return Kernel(centred(large / large.sum()).astype(np.float32))


def in_light(sharp: np.ndarray, rng: Drawn, extent: float) -> np.ndarray:
    """The same before the camera encodes its light, with lamps that are brighter than white."""
    return in_light_by(sharp, path(rng, extent), rng)


def in_light_by(sharp: np.ndarray, kernel: Kernel, rng: Drawn) -> np.ndarray:
    """Return what a kernel makes of the light of H x W x 3 encoded pixels in [0, 1], encoded again."""
    light = sharp**GAMMA * (1 + rng.uniform(0.5, 4) * (sharp > 0.96))
    return blur(light.astype(np.float32), kernel).clip(0, 1) ** np.float32(1 / GAMMA)


def out_of_focus(sharp: np.ndarray, _: Drawn, extent: float) -> np.ndarray:
    """A disc of `extent` px across."""
    return blur(sharp, Kernel(defocus_kernel(max(extent / 2, 1.0))))


def turned(sharp: np.ndarray, rng: Drawn, extent: float) -> np.ndarray:
    """The camera turned about its axis, by 2 to 6 degrees, while it moved."""
    height, width = sharp.shape[:2]
    times = np.linspace(-0.5, 0.5, 60)
    far = min(extent, 20) / 3
    moves = np.stack([np.interp(times, [-0.5, 0, 0.5], rng.uniform(-far, far, 3)) for _ in range(2)], axis=1)
    angle = rng.uniform(2, 6)
    total = np.zeros_like(sharp)
    for time, move in zip(times, moves - moves.mean(axis=0), strict=True):
        pose = cv2.getRotationMatrix2D((width / 2, height / 2), time * angle, 1)
        pose[:, 2] += move
        total += cv2.warpAffine(sharp, pose, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return total / len(times)


def moved_subject(sharp: np.ndarray, rng: Drawn, extent: float) -> np.ndarray:
    """The middle of the photo moved, the rest did not."""
    height, width = sharp.shape[:2]
    kernel = Kernel(linear_kernel(float(np.clip(extent, 6, 25)), float(rng.uniform(0, 180))))
    mask = np.zeros((height, width), np.float32)
    middle = round(width * rng.uniform(0.35, 0.65)), round(height * rng.uniform(0.4, 0.6))
    cv2.ellipse(mask, middle, (round(0.22 * width), round(0.3 * height)), 0, 0, 360, 1, -1)
    mask = blur(mask, kernel)[..., None]
    return mask * blur(sharp, kernel) + (1 - mask) * sharp


def taken(pixels: np.ndarray, rng: Drawn, noise: float, quality: int | None = None) -> np.ndarray:
    """Add noise of a standard deviation in [0, 1], round to 8 bits, compress as JPEG of a quality."""
    eight = (add_noise(pixels, noise, rng).clip(0, 1) * 255).round().astype(np.uint8)
    if quality is not None:
        code = cv2.imencode(".jpg", eight, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        eight = np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR))
    return eight.astype(np.float32) / 255


WAYS: dict[str, tuple[Way, float]] = {
    "shaken": (shaken, 0.42),
    "shaken in linear light": (in_light, 0.2),
    "out of focus": (out_of_focus, 0.12),
    "turned": (turned, 0.08),
    "subject moved": (moved_subject, 0.08),
    "sharp": (lambda sharp, _, __: sharp, 0.1),
}
"""Each way, and how often it is drawn."""
