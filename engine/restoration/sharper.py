"""Tests whether a restored picture is sharper than its photo anywhere: a network changes something in every photo."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from engine.kernels.estimation import gradients, luma
from engine.kernels.patches import squares

SIDE = 128  # px of a part; the next one begins half a part further
EDGE = 0.98  # quantile of the gradients that represents the edges of a part
FAINT = 0.02  # per px: a part without stronger gradients is ignored, unless no part has stronger ones
# per px: 8-bit rounding and skies have such gradients; photos blurred by 16 px and dark photos have stronger ones
NONE = 0.008
# per px and times the noise: grey noise has gradients of 1.1 times its standard deviation, coloured noise of 0.7
OF_NOISE = 1.2
PERIODS = range(2, 11)  # px: the mesh of a network that resamples by 5, and similar ones
FINE = 0.7  # px, sigma of the Gaussian that suppresses noise

# Chosen by hand (without a stored command) on 144 photos and faces of the training sets that wrfn restored. None of
# the 60 that were shaken by 13 px or more, turned or out of focus counts as no sharper; 32 of the 36 sharp ones do.
# On the photos that count as no sharper, wrfn lost 2.1 dB on average. tests/bench/automatic.py reports on others.
STEEPER = 1.14  # times


def sharper_anywhere(before: np.ndarray, after: np.ndarray, noise: float) -> bool:
    """Return whether the edges of an H x W x 3 picture in [0, 1] are steeper after than before in any part of it.

    noise: the standard deviation of its noise before.
    If all edges are faint, as in a dark photo, they count too. A picture of smooth areas and noise never counts: it
    has no edges to sharpen, and a network, whose statistics are those of photos, draws false lines along its borders.
    The search ends at the first part that is sharper.
    """
    sharper = _sharper(before, after, FAINT)
    if sharper is None:
        sharper = _sharper(before, after, max(NONE, OF_NOISE * noise))
    return bool(sharper)


def _sharper(before: np.ndarray, after: np.ndarray, least: float) -> bool | None:
    """Return whether a part with gradients above `least` is sharper; None if no part has such gradients."""
    verdict = None
    for part in _parts(before.shape[0], before.shape[1]):
        steep = _steepness(before[part])
        if steep > least:
            verdict = False
            # Removing the mesh takes longer than the test, so only parts that seem sharper are tested again.
            sharpest = STEEPER * steep
            if _steepness(after[part]) > sharpest and _steepness(_without_mesh(before[part], after[part])) > sharpest:
                return True
    return verdict


def _parts(height: int, width: int) -> Iterator[tuple[slice, slice]]:
    rows, columns = (1 - (-2 * max(length - SIDE, 0) // SIDE) for length in (height, width))
    return squares((height, width), SIDE, (rows, columns))


def _without_mesh(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return `after` without any change to `before` that repeats in each direction, at any of PERIODS.

    Averaging over the repeats almost cancels other changes. The mesh must have the same strength all over the part.
    """
    added = luma(after) - luma(before)
    mesh = np.zeros_like(added)
    for period in PERIODS:
        mesh += _repeating(added - mesh, period)
    return luma(after) - mesh


def _repeating(plane: np.ndarray, period: int) -> np.ndarray:
    """Return the mean over the repeats of an H x W plane, minus its own mean, laid out over H x W again."""
    height, width = plane.shape
    rows, columns = height // period, width // period
    if not rows or not columns:
        return np.zeros_like(plane)
    cut = plane[: rows * period, : columns * period].reshape(rows, period, columns, period)
    cell = cut.mean(axis=(0, 2))
    laid: np.ndarray = np.tile(cell - cell.mean(), (rows + 1, columns + 1))[:height, :width]
    return laid


def _steepness(pixels: np.ndarray) -> float:
    """Return the gradient per px of the edges of H x W x 3 or H x W pixels; 0 if there are too few."""
    if min(pixels.shape[:2]) < 2:
        return 0.0
    across, down = gradients(cv2.GaussianBlur(luma(pixels), (0, 0), FINE))
    return float(np.quantile(np.hypot(across, down), EDGE))
