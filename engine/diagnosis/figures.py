"""Figures of one window of a photo that tell whether, how and how far it is blurred.

Each compares the picture with itself at another scale or in another direction, so that contrast and texture matter
little. `judging` learned what they mean.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import cv2
import numpy as np
from scipy import fft

from engine.kernels.noise import noise_level

SIDE = 192  # px of a window
SMALL = 0.7  # px, sigma of the smallest Gaussian whose gradients are compared
STRONG = 0.9  # quantile of the gradients from which on a pixel belongs to an edge
EDGE = 0.98  # quantile of the gradients that stands for an edge
BINS, SECTORS = 12, 8  # of the spectrum: radii, up to the Nyquist frequency, and directions
REACH = 40  # px: the autocorrelation is looked at up to this shift
FAINT = 0.004  # per px: a window without stronger edges tells nothing
OF_NOISE = 5.5  # times the noise, halved with the size: the strongest gradients of grey noise are 4 times as large
TINY = 1e-9


def window_figures(plane: np.ndarray) -> tuple[np.ndarray, float] | None:
    """Return the figures of an H x W plane in [0, 1], and the direction of its motion in degrees, if it has one.

    The direction is counter-clockwise from right, in [0, 180). None if the plane has no edges.
    """
    noise = noise_level(plane)
    levels = _levels(plane)
    edges = [_edge(level) for level in levels]
    if all(edge < max(FAINT, OF_NOISE * noise / 2**level) for level, edge in enumerate(edges) if level):
        return None
    tensors, strong = _tensors(levels)
    ratios, _ = _ratios(tensors)
    strong_ratios, turn = _ratios(strong)
    fineness = [np.log2(2 * fine / max(coarse, TINY) + TINY) for fine, coarse in pairwise(edges)]
    figures = [
        np.log2(noise),
        np.log2(max(edges[0], TINY)),
        np.log2(edges[0] / noise + TINY),
        *fineness,
        *ratios,
        *strong_ratios,
        *_spectrum(plane, noise),
        float(plane.mean()),
        float(plane.std()),
        float(((plane < 0.01) | (plane > 0.99)).mean()),
    ]
    return np.array(figures, np.float32), turn


def _levels(plane: np.ndarray) -> list[np.ndarray]:
    """Return the plane, and it at a half of its size, a fourth and so on."""
    levels = [plane]
    for _ in range(4):
        height, width = (side // 2 * 2 for side in levels[-1].shape)
        last = levels[-1][:height, :width]
        levels.append(cv2.resize(last, (width // 2, height // 2), interpolation=cv2.INTER_AREA))
    return levels


def _edge(plane: np.ndarray) -> float:
    """Return the gradient per px of an H x W plane's edges."""
    across, down = np.diff(plane, axis=1)[:-1], np.diff(plane, axis=0)[:, :-1]
    size = across * across + down * down
    place = min(int(EDGE * size.size), size.size - 1)
    return float(np.sqrt(np.partition(size, place, axis=None)[place]))


def _tensors(levels: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the structure tensors of all pixels, and of the edges' pixels: scales x (xx, xy, yy).

    The scales are Gaussians of 0.7, 1.4, 2.8, 5.6 and 11.2 px; the coarse ones are computed in the shrunk picture.
    """
    slopes = [_slopes(levels[0], SMALL), *(_slopes(level, SMALL * 2) for level in levels[:4])]
    across, down = slopes[2]
    size = across * across + down * down
    place = int(STRONG * size.size)
    chosen = (size >= np.partition(size, place, axis=None)[place]).astype(np.float32)
    masks = [cv2.resize(chosen, slope[0].shape[::-1], interpolation=cv2.INTER_NEAREST) for slope in slopes]
    everywhere = np.array([_tensor(*slope, 1.0 / slope[0].size, slope[0]) for slope in slopes])
    strong = [
        _tensor(*slope, 1.0 / max(float(mask.sum()), 1), slope[0] * mask, slope[1] * mask)
        for slope, mask in zip(slopes, masks, strict=True)
    ]
    return everywhere, np.array(strong)


def _slopes(plane: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray]:
    smooth = cv2.GaussianBlur(plane, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101)
    return cv2.Sobel(smooth, -1, 1, 0, ksize=1), cv2.Sobel(smooth, -1, 0, 1, ksize=1)


def _tensor(
    across: np.ndarray, down: np.ndarray, scale: float, x: np.ndarray, y: np.ndarray | None = None
) -> tuple[float, float, float]:
    """Return the sums of xx, xy and yy times `scale`; x, y: the slopes that count."""
    y = down if y is None else y
    return (
        scale * float(np.vdot(across, x)),
        scale * float(np.vdot(down, x)),
        scale * float(np.vdot(down, y)),
    )


def _ratios(tensors: np.ndarray) -> tuple[list[float], float]:
    """Return how the energy of gradients falls from scale to scale, in the direction of most loss and of least.

    Also return the direction of most loss, in degrees counter-clockwise from right: along a motion.
    """
    fine, coarse = tensors[[0, 1, 2, 3, 0, 1]], tensors[[1, 2, 3, 4, 3, 4]]
    least, most, turns = _generalised(fine, coarse)
    steady = float(abs(np.mean(np.exp(2j * turns[:3]))))
    one, other, _ = _generalised(tensors[2:3], np.array([[1.0, 0.0, 1.0]]))
    own = float(np.log2(max(one[0], TINY) / max(other[0], TINY)))
    logs = np.log2(np.maximum(np.stack([least, most], axis=1), TINY))
    return [*logs.ravel().tolist(), steady, own], float(np.degrees(turns[4]) % 180)


def _generalised(fine: np.ndarray, coarse: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the least and the largest v' F v / v' C v of n pairs of tensors, and the direction of the least."""
    a, b, c = fine.T
    d, e, f = coarse.T
    d, f = d + TINY, f + TINY
    det = np.maximum(d * f - e * e, TINY**2)
    trace = (a * f + c * d - 2 * b * e) / det
    root = np.sqrt(np.maximum(trace**2 / 4 - np.maximum(a * c - b * b, 0) / det, 0))
    least, most = trace / 2 - root, trace / 2 + root
    # (F - least C) v = 0: v is at right angles to the longer row
    first, second = np.stack([a - least * d, b - least * e]), np.stack([b - least * e, c - least * f])
    row = np.where((first**2).sum(0) >= (second**2).sum(0), first, second)
    return least, most, np.arctan2(row[0], row[1])


def _spectrum(plane: np.ndarray, noise: float) -> list[float]:
    """Return what the power spectrum tells: its profile, how much it differs by direction, and its echoes."""
    height, width = plane.shape
    window = _taper(height, width)
    spectrum = fft.rfft2((plane - plane.mean()) * window)
    power = spectrum.real**2 + spectrum.imag**2
    floor = noise**2 * float(np.vdot(window, window))
    labels, counts, radius = _bins(height, width)
    cells = np.bincount(labels.ravel(), power.ravel(), BINS * SECTORS + 1)[: BINS * SECTORS] / counts
    logs = np.log2(cells + 0.1 * floor + TINY).reshape(BINS, SECTORS)
    profile = logs.mean(axis=1)
    slopes = np.diff(profile)
    apart = logs - profile[:, None] - (logs - profile[:, None])[:2].mean(axis=0)
    bands = [apart[2:4].mean(0), apart[4:7].mean(0), apart[7:].mean(0)]
    by_direction = [figure for band in bands for figure in (float(band.min()), float(band.max()))]
    agreement = float(np.corrcoef(bands[0], bands[1])[0, 1]) if bands[0].std() > TINY < bands[1].std() else 0.0
    bends = np.diff(slopes)
    return [
        *slopes.tolist(),
        float(bends.max()),
        float(np.argmax(bends)),
        *by_direction,
        agreement,
        *_echoes(power, radius, floor, (height, width)),
    ]


def _echoes(power: np.ndarray, radius: np.ndarray, floor: float, shape: tuple[int, int]) -> list[float]:
    """Return where the autocorrelation of the whitened picture is lowest, and of its mean over all directions."""
    white = power * radius * radius
    white /= 1 + white * (power.size / max(float(white.sum()), TINY))
    white *= (power + floor + TINY) / (power + 5 * floor + TINY)
    whole = fft.fftshift(fft.irfft2(white, s=shape))
    row, column = (side // 2 for side in shape)
    reach = min(REACH, row - 1, column - 1)
    near = whole[row - reach : row + reach + 1, column - reach : column + reach + 1]
    near = near / max(float(near.max()), TINY)
    distance, whole_px, counts = _distances(reach)
    place = np.unravel_index(int(np.argmin(np.where(distance > 2, near, 1))), near.shape)
    rings = np.bincount(whole_px, near.ravel()) / counts
    rings = rings[2 : reach + 1]
    return [
        float(near[place]),
        float(distance[place]),
        float(rings.min()),
        float(np.argmin(rings) + 2),
        float(near[reach, reach + 1]),
        float(near[reach + 1, reach]),
    ]


@cache
def _distances(reach: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each place's distance from the middle, the same in whole px, and how many have each."""
    distance = np.hypot(*np.mgrid[-reach : reach + 1, -reach : reach + 1])
    whole_px = distance.astype(int).ravel()
    return distance, whole_px, np.bincount(whole_px)


@cache
def _taper(height: int, width: int) -> np.ndarray:
    return np.outer(np.hanning(height), np.hanning(width)).astype(np.float32)


@cache
def _bins(height: int, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the bin of each frequency of a half spectrum, the frequencies in each bin, and each one's radius."""
    down, across = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    radius = np.hypot(down, across)
    edges = np.geomspace(0.02, 0.5, BINS + 1)
    ring = np.digitize(radius, edges) - 1
    sector = (np.arctan2(down, across) % np.pi / (np.pi / SECTORS)).astype(int) % SECTORS
    labels = np.where((ring >= 0) & (ring < BINS), ring * SECTORS + sector, BINS * SECTORS)
    counts = np.bincount(labels.ravel(), minlength=BINS * SECTORS + 1)[: BINS * SECTORS]
    return labels, np.maximum(counts, 1), radius.astype(np.float32)
