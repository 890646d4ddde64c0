"""Whether a restored picture is sharper than its photo anywhere: a network changes something in every photo."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from engine.kernels.estimation import gradients, luma
from engine.kernels.noise import noise_level
from engine.kernels.patches import squares

SIDE = 128  # px of a part; they lie half a part apart
EDGE = 0.98  # quantile of the gradients that stands for the edges of a part
FAINT = 0.02  # a px: a part without stronger gradients tells nothing, unless no part of the picture has stronger ones
NONE = 0.008  # a px: rounding to 8 bits and skies have gradients like that, blurred by 16 px and dark photos stronger
OF_NOISE = 1.2  # a px and of the noise: grey noise has gradients of 1.1 times its standard deviation, coloured of 0.7
PERIODS = range(2, 11)  # px: a mesh of a network that resamples by 5, and its like
FINE = 0.7  # px, sigma of the Gaussian that calms noise

# Chosen by hand, and by no command that is kept, on 144 photos and faces of the training sets that wrfn restored:
# none of the 60 that were shaken by 13 px or more, turned or out of focus counts as no sharper; 32 of the 36 that are
# sharp do. From all that count so wrfn took 2.1 dB in the mean. tests/bench/automatic.py tells of others.
STEEPER = 1.14  # times


def sharper_anywhere(before: np.ndarray, after: np.ndarray) -> bool:
    """Return whether the edges of an H x W x 3 picture in [0, 1] are steeper after than before in any part of it.

    Where all edges are faint, as in a dark photo, they tell all the same. Not where there is nothing but smooth areas
    and noise: what has no edges has none to be made sharp, and a network, whose statistics are those of photos, draws
    something along the borders of such pictures. It ends at the first part that is sharper.
    """
    sharper = _sharper(before, after, FAINT)
    if sharper is None:
        sharper = _sharper(before, after, max(NONE, OF_NOISE * noise_level(before)))
    return bool(sharper)


def _sharper(before: np.ndarray, after: np.ndarray, least: float) -> bool | None:
    """Return whether a part is sharper of those whose gradients are stronger than `least`; None where none are."""
    verdict = None
    for part in _parts(before.shape[0], before.shape[1]):
        steep = _steepness(before[part])
        if steep > least:
            verdict = False
            # Taking the mesh away costs more than looking, so that only what seems sharper is looked at again.
            sharpest = STEEPER * steep
            if _steepness(after[part]) > sharpest and _steepness(_without_mesh(before[part], after[part])) > sharpest:
                return True
    return verdict


def _parts(height: int, width: int) -> Iterator[tuple[slice, slice]]:
    rows, columns = (1 - (-2 * max(length - SIDE, 0) // SIDE) for length in (height, width))
    return squares((height, width), SIDE, (rows, columns))


def _without_mesh(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return `after` without what it adds to `before` that repeats in each direction, at any of PERIODS.

    Averaged over the repeats, other changes all but cancel out. The strength of a mesh must not vary over the part.
    """
    added = luma(after) - luma(before)
    mesh = np.zeros_like(added)
    for period in PERIODS:
        mesh += _repeating(added - mesh, period)
    return luma(after) - mesh


def _repeating(plane: np.ndarray, period: int) -> np.ndarray:
    """Return the mean over the repeats of an H x W plane, less its own mean, laid out over H x W again."""
    height, width = plane.shape
    rows, columns = height // period, width // period
    if not rows or not columns:
        return np.zeros_like(plane)
    cut = plane[: rows * period, : columns * period].reshape(rows, period, columns, period)
    cell = cut.mean(axis=(0, 2))
    laid: np.ndarray = np.tile(cell - cell.mean(), (rows + 1, columns + 1))[:height, :width]
    return laid


def _steepness(pixels: np.ndarray) -> float:
    """Return the gradient a px of the edges of H x W x 3 or H x W pixels; 0 where they are too few."""
    if min(pixels.shape[:2]) < 2:
        return 0.0
    across, down = gradients(cv2.GaussianBlur(luma(pixels), (0, 0), FINE))
    return float(np.quantile(np.hypot(across, down), EDGE))
