"""Light streaks: a lamp in the dark draws the path of the camera into the photo, which is the kernel itself.

Searches by edges fail at night, since a clipped streak has edges of its own. But several lamps leave the same streak
(Hu, Cho, Wang and Yang 2014, Deblurring Low-light Images with Light Streaks), and what is the same several times is
no lamp's own shape. Of the six night photos of `data/real`, three have a kernel of 0.7 to 0.94 by their streaks, two
one of 0.65, and the last has none; the searches find none of the five.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from scipy import fft

from engine.kernels.estimation import luma
from engine.kernels.kernel import Kernel
from engine.kernels.moving import centred_exactly

SIZES = (1600, 800)  # px: longer sides of the photo in which streaks are looked for. Lamps of large photos are thick
THICKNESS = 9  # px: what is thicker is a thing, not a streak
STRONG, FAINT = 0.2, 0.08  # light over the surroundings where a streak begins, and where it ends; of [0, 1]
LEAST_STRONG = 5  # px that are strong in a streak
SHORTEST, LONGEST = 7, 121  # px
ALONE = 0.6  # share of the light around it that is the streak's own
MOST = 24  # streaks that are compared: the brightest
ALIKE = 0.8  # correlation from which on two streaks are the same
COUNTED = 0.1  # of the maximum: less is no part of the kernel
TONE = 1.5  # power of what is encoded that is about linear: 2.2 would be so of streaks that nothing clips
MARGIN = 2  # px
LIT, THINNER = 0.3, 3.6  # a disc's square of length over area is 2.5; of the five paths that are seen it is 4 to 14


@dataclass(frozen=True)
class Streaks:
    """kernel: what the streaks that are alike show, centred exactly on its mass. count: how many are alike."""

    kernel: Kernel
    count: int


def streaks(photo: np.ndarray) -> Streaks | None:
    """Return what the light streaks of an H x W x 3 photo in [0, 1] show, None where there are no two alike."""
    factors = dict.fromkeys(max(1.0, max(photo.shape[:2]) / size) for size in SIZES)
    plane = luma(photo)
    found = [shown for factor in factors if (shown := _shown(plane, factor)) is not None]
    return max(found, key=lambda shown: shown.count, default=None)


def is_path(kernel: Kernel) -> bool:
    """Return whether a kernel is a path of the camera: a lamp that is sharp, or out of focus, is as thick as long."""
    rows, columns = np.nonzero(kernel.values > LIT * kernel.values.max())
    length = float(np.hypot(np.ptp(rows) + 1, np.ptp(columns) + 1))
    return length * length >= THINNER * len(rows)


def _shown(plane: np.ndarray, factor: float) -> Streaks | None:
    """Return what the streaks of a plane show, looked for in a plane that is so much smaller."""
    if factor > 1:
        plane = cv2.resize(plane, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA)
    found = sorted(_apart(plane), key=lambda light: -float(light.sum()))[:MOST]
    if len(found) < 2:
        return None
    together, count = _mean_of_those_alike(found)
    return Streaks(_kernel(together, factor), count) if count > 1 else None


def _apart(plane: np.ndarray) -> list[np.ndarray]:
    """Return the light of each streak in an H x W plane that lies apart from other light."""
    over = _over_surroundings(plane)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats((over > FAINT).astype(np.uint8), connectivity=8)
    strong = np.bincount(labels[over > STRONG], minlength=count)
    found = []
    for number in np.flatnonzero(strong >= LEAST_STRONG):
        left, top, width, height = boxes[number][:4]
        inside = left > 0 < top and left + width < plane.shape[1] and top + height < plane.shape[0]
        if not number or not inside or not SHORTEST <= max(width, height) <= LONGEST:
            continue
        wide = _grown(left, top, width, height, max(2 * MARGIN, max(width, height) // 3))
        if over[wide][labels[wide] == number].sum() < ALONE * over[wide].sum():
            continue
        near = _grown(left, top, width, height, MARGIN)
        own = cv2.dilate((labels[near] == number).astype(np.uint8), np.ones((3, 3), np.uint8))
        found.append(over[near] * own)
    return found


def _grown(left: int, top: int, width: int, height: int, by: int) -> tuple[slice, slice]:
    return slice(max(top - by, 0), top + height + by), slice(max(left - by, 0), left + width + by)


def _over_surroundings(plane: np.ndarray) -> np.ndarray:
    """Return how much brighter a plane is than what is left of it when all that is thin and bright is taken away."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (THICKNESS, THICKNESS))
    calm = cv2.morphologyEx(cv2.GaussianBlur(plane, (0, 0), 0.8), cv2.MORPH_OPEN, disc)
    return np.asarray((plane - cv2.GaussianBlur(calm, (0, 0), THICKNESS / 4)).clip(0))


def _mean_of_those_alike(found: list[np.ndarray]) -> tuple[np.ndarray, int]:
    """Return the mean of the streaks that are like one of them, laid on it, and how many they are.

    That one is the streak that most others are like.
    """
    side = fft.next_fast_len(2 * max(max(each.shape) for each in found), real=True)
    planes = np.zeros((len(found), side, side), np.float32)
    for plane, each in zip(planes, found, strict=True):
        plane[: each.shape[0], : each.shape[1]] = each / np.sqrt(np.square(each).sum())
    spectra = fft.rfft2(planes)
    best: tuple[float, np.ndarray, np.ndarray] = (0.0, planes[0], np.zeros(0))
    for spectrum in spectra:
        correlation = fft.irfft2(np.conj(spectrum) * spectra, s=(side, side)).reshape(len(found), -1)
        alike = np.flatnonzero(correlation.max(1) > ALIKE)
        total = float(correlation.max(1)[alike].sum())
        if total > best[0]:
            best = total, alike, correlation[alike].argmax(1)
    _, alike, places = best
    laid = [
        np.roll(planes[one], (-(at // side), -(at % side)), (0, 1)) for one, at in zip(alike, places, strict=True)
    ]
    return np.mean(laid, axis=0), len(laid)


def _kernel(light: np.ndarray, factor: float) -> Kernel:
    """Return what a periodic plane of light shows as a kernel, enlarged by a factor."""
    middle = len(light) // 2
    top, left = np.unravel_index(int(light.argmax()), light.shape)
    light = np.roll(light, (middle - int(top), middle - int(left)), (0, 1))
    light = np.where(light > COUNTED * light.max(), light, 0).astype(np.float32) ** np.float32(TONE)
    if factor > 1:
        light = cv2.resize(light, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC).clip(0)
    rows, columns = np.flatnonzero(light.any(1)), np.flatnonzero(light.any(0))
    light = light[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    side = (max(light.shape) + 2 * MARGIN) | 1
    square = np.zeros((side, side), np.float32)
    top, left = ((side - length) // 2 for length in light.shape)
    square[top : top + light.shape[0], left : left + light.shape[1]] = light
    return centred_exactly(Kernel(square / square.sum()))
