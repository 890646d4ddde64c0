"""Turns a camera path into a kernel: scaling, anti-aliased splatting, centring."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Path = tuple[np.ndarray, np.ndarray]
"""points: P x 2 (x, y) in any unit, joined by straight lines. weights: P, the light received at each point."""

POINTS_PER_PX = 3
MOST_POINTS = 4096
WIDEST_TAIL = 0.16  # light that a pixel of the point spread gives to each neighbour; a Gaussian of about 0.6 px


def draw_path_kernel(
    draw: Callable[[np.random.Generator], Path], extent: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw a path, scaled to `extent` px around its mean, splatted, and softened by a small random point spread."""
    points, weights = draw(rng)
    spread = 1 if extent >= 5 else 0  # px that are left for the point spread
    radius = (extent - 1) // 2 - spread
    points, weights = dense(points * (2 * radius / max(np.ptp(points, axis=0).max(), 1e-9)), weights)
    points = points - np.average(points, axis=0, weights=weights)
    points *= radius / max(np.abs(points).max(), 1e-9)
    return trimmed(softened(splat(points, weights), spread * rng.uniform(0, WIDEST_TAIL)))


def dense(points: np.ndarray, weights: np.ndarray) -> Path:
    """Insert points evenly in time into a path in px, so that there is no gap between two neighbours."""
    steps = np.abs(np.diff(points, axis=0)).max(axis=1, initial=0)
    pieces = len(points) - 1
    count = int(min(max(POINTS_PER_PX * steps.max(initial=0) * pieces, pieces) + 1, MOST_POINTS))
    known, wanted = np.arange(pieces + 1), np.linspace(0, pieces, count)
    x, y, light = (np.interp(wanted, known, column) for column in (points[:, 0], points[:, 1], weights))
    return np.stack([x, y], axis=1), light


def splat(points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Draw points in px from the centre into the smallest odd square with 1 px of margin; float32, sum 1.

    Bilinear weights keep the mean: points with mean (0, 0) give a kernel with its mass in the centre.
    """
    half = int(np.ceil(np.abs(points).max() - 1e-6)) + 1
    side = 2 * half + 1
    shifted = points + half
    corner = np.floor(shifted).astype(np.intp)
    (fx, fy), (ix, iy) = (shifted - corner).T, corner.T
    first = iy * side + ix
    index = np.concatenate([first, first + 1, first + side, first + side + 1])
    shares = np.concatenate([(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy])
    values = np.bincount(index, shares * np.tile(weights, 4), side * side)
    return (values / values.sum()).reshape(side, side).astype(np.float32)


def softened(kernel: np.ndarray, tail: float) -> np.ndarray:
    """Convolve with the separable (tail, 1 - 2 tail, tail); the outermost pixels of the kernel must be 0."""
    rows = (1 - 2 * tail) * kernel
    rows[1:] += tail * kernel[:-1]
    rows[:-1] += tail * kernel[1:]
    both = (1 - 2 * tail) * rows
    both[:, 1:] += tail * rows[:, :-1]
    both[:, :-1] += tail * rows[:, 1:]
    return (both / both.sum()).astype(np.float32)


def centre_of_mass(values: np.ndarray) -> tuple[float, float]:
    """Return the (x, y) of the centre of mass relative to the centre of a kernel with odd sides, in px."""
    height, width = values.shape
    total = values.sum(dtype=np.float64)
    x = values.sum(axis=0, dtype=np.float64) @ (np.arange(width) - width // 2) / total
    y = values.sum(axis=1, dtype=np.float64) @ (np.arange(height) - height // 2) / total
    return float(x), float(y)


def centred(values: np.ndarray, subpixel: bool = False) -> np.ndarray:
    """Shift a kernel with odd sides so that its mass is in the centre of an odd square; nothing is cut off.

    A shift by whole px keeps its sharpness and leaves at most 0.5 px of error. subpixel: exact, by linear
    interpolation.
    """
    x, y = centre_of_mass(values)
    rows, columns = np.nonzero(values)
    height, width = values.shape
    shift = np.array([x, y]) if subpixel else np.rint([x, y])
    points = np.stack([columns - width // 2, rows - height // 2], axis=1) - shift
    kernel = trimmed(splat(points, values[rows, columns].astype(np.float64)))
    return padded(kernel, max(len(kernel), height, width))


def trimmed(kernel: np.ndarray) -> np.ndarray:
    """Remove borders of zeros from an odd square."""
    while len(kernel) > 1 and max(kernel[0].max(), kernel[-1].max(), kernel[:, 0].max(), kernel[:, -1].max()) < 1e-7:
        kernel = kernel[1:-1, 1:-1]
    return kernel


def padded(kernel: np.ndarray, size: int) -> np.ndarray:
    """Put an odd square into the middle of zeros of an odd size that is not smaller."""
    return np.pad(kernel, (size - len(kernel)) // 2)
