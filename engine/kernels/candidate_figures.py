"""What can be told, without the truth, of a kernel that was found in a photo and of the picture that it gives.

Each candidate is undone in the window that was searched, in luma. Its figures say how sparse, how full of rings and
how clipped the result is, how well it explains the photo, everywhere and at the worst place, how the kernel is
shaped, how much it resembles the other candidates, and how near the result is to a network's. `candidate_judge`
learned what they are worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import cv2
import numpy as np
from scipy import fft, ndimage

from engine.kernels import transforms
from engine.kernels.at_once import Check, at_once
from engine.kernels.blind import SMOOTHNESS, sparsity
from engine.kernels.blurring import blur
from engine.kernels.deconvolution import deconvolve
from engine.kernels.estimation import estimate_kernel, gradients, similarity
from engine.kernels.kernel import Kernel
from engine.kernels.residual import as_recorded
from engine.kernels.sharpness import STRONG, fineness

MODEL_ERROR = 0.004  # of [0, 1]: JPEG, demosaicing and rounding leave as much, however little noise is measured
DARK, LIGHT = 0.001, 0.999
RING_REACH, RING_CORE = 25, 5  # px: rings are looked for between the two
SMOOTH = 6.0  # px: what is unexplained is averaged over this Gaussian
MOST = 0.97  # quantile of the places that are not the worst
SMALLEST = 16  # px: a smaller plane is not shrunk
SHOWN = 0.05  # of a kernel's maximum
NAMES = (
    "sparsity to the photo's", "sparsity", "unexplained", "unexplained at worst", "unexplained in the worst quarter",
    "noise", "clipped", "entropy", "extent", "entropy to extent", "parts", "edge", "edge of photo", "edge to photo's",
    "median gradient", "kurtosis", "highest ring", "mean ring", "median Laplacian", "deviation across",
    "deviation along", "resemblance", "resemblance of closest third", "highest ring to photo's",
    "sparsity of worst quarter to the photo's", "fineness", "fineness of photo",
    "gradient of plain parts to photo's", "pixels", "unexplained at most places",
    "distance to network's", "gradients as network's", "plain gradients as network's",
    "strong gradients as network's", "plain gradients to network's", "resemblance to network's kernel",
    "unexplained from network's", "network's distance to photo", "fineness of network's",
    "fineness at half", "fineness at a quarter", "fineness at an eighth", "fineness of photo at half",
    "fineness of photo at a quarter", "fineness of photo at an eighth", "order in what is unexplained",
)  # fmt: skip
"""The figures of one candidate, in order."""
LINEAR = (
    "clipped", "resemblance", "resemblance of closest third", "highest ring to photo's", "gradients as network's",
    "plain gradients as network's", "strong gradients as network's", "resemblance to network's kernel",
    "order in what is unexplained",
)  # fmt: skip
RESEMBLANCES = [NAMES.index(name) for name in ("resemblance", "resemblance of closest third")]
TINY = 1e-4
NATURAL = len(NAMES) + 2  # column of `compared`: what is unexplained at worst times the sparsity, small if good


def undone(plane: np.ndarray, kernel: Kernel, noise: float) -> np.ndarray:
    """Return what an H x W plane in [0, 1] with noise of that standard deviation becomes when a kernel is undone.

    It is H x W, and has light beyond 1 where the plane was clipped: without that, no picture explains such a plane.
    """
    noise = max(noise, MODEL_ERROR)
    return deconvolve(plane[..., None], kernel, noise, smoothness=SMOOTHNESS, night=False, beyond_white=True)[..., 0]


class Window:
    """A window of a photo, and what is told of it once.

    plane: H x W luma in [0, 1] of the window that was searched. noise: its standard deviation in [0, 1]. hint: H x W,
    what a network makes of it: it knows no kernel, so that it does not share a wrong one's errors.
    """

    def __init__(self, plane: np.ndarray, noise: float, hint: np.ndarray) -> None:
        self.plane, self.noise = plane, max(noise, MODEL_ERROR)
        self._photo, self._network, self._fine = _Picture(plane), _Hint(plane, hint), finenesses(plane)

    def of(self, kernel: Kernel, sharp: np.ndarray) -> np.ndarray:
        """Return the figures of a kernel by itself, NAMES; sharp: what the plane becomes by it (`undone`).

        What compares it with the others is NaN: see `among`.
        """
        rest, shown = as_recorded(sharp, kernel) - self.plane, sharp.clip(0, 1)
        of_result = _of_result(self._photo, _Picture(shown), rest, kernel, self.noise)
        of_hint = self._network.compared(shown, kernel)
        return np.array([*of_result, *of_hint, *finenesses(shown), *self._fine, _order(rest)], np.float64)


def among(rows: Sequence[np.ndarray], kernels: Sequence[Kernel]) -> np.ndarray:
    """Return the figures of all kernels of a pool, kernels x NAMES, from those of each by itself (`Window.of`)."""
    pool = np.array(rows, dtype=np.float64).reshape(len(kernels), len(NAMES))
    alike = np.array([[similarity(a, b) for b in kernels] for a in kernels]).reshape(len(kernels), -1)
    for row, resembling in zip(pool, alike, strict=True):
        closest = np.sort(resembling)[::-1][1 : 2 + len(kernels) // 3]
        row[RESEMBLANCES] = np.median(resembling), closest.mean() if closest.size else 1.0
    return pool


def figures(
    plane: np.ndarray, kernels: Sequence[Kernel], results: Sequence[np.ndarray], noise: float, hint: np.ndarray
) -> np.ndarray:
    """Return the figures of each kernel of a pool, kernels x NAMES; results: what the plane becomes by each.

    See `Window`.
    """
    window = Window(plane, noise, hint)

    def row(kernel: Kernel, sharp: np.ndarray, check: Check) -> np.ndarray:
        check()
        return window.of(kernel, sharp)

    return among(at_once([partial(row, *each) for each in zip(kernels, results, strict=True)]), kernels)


class _Hint:
    """What a network made of a plane, for comparison."""

    def __init__(self, plane: np.ndarray, hint: np.ndarray) -> None:
        self.plane, self.hint = plane, hint
        self.steps = gradients(hint)
        strength = np.hypot(*self.steps)
        self.plain, self.strong = strength <= np.median(strength), strength >= np.quantile(strength, 0.95)
        self.own = [float(np.sqrt(((hint - plane) ** 2).mean())), fineness(hint)]
        try:
            self.relation: Kernel | None = estimate_kernel(plane, hint)
        except ValueError:  # no edges
            self.relation = None

    def compared(self, sharp: np.ndarray, kernel: Kernel) -> list[float]:
        steps = gradients(sharp)
        strength = np.hypot(*steps)[self.plain].mean() / max(np.hypot(*self.steps)[self.plain].mean(), 1e-6)
        return [
            float(np.sqrt(((sharp - self.hint) ** 2).mean())),
            *(_correlation(steps[:, part], self.steps[:, part]) for part in (np.s_[:], self.plain, self.strong)),
            float(strength),
            similarity(kernel, self.relation) if self.relation else 0.0,
            float(np.sqrt(((blur(self.hint, kernel) - self.plane) ** 2).mean())),
            *self.own,
        ]


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float((a * b).sum() / np.sqrt(max(float((a**2).sum() * (b**2).sum()), 1e-20)))


def compared(rows: np.ndarray) -> np.ndarray:
    """Return what the judge sees of a pool's figures, kernels x columns.

    Their logarithms (shares and differences stay), what is unexplained over the noise, its product with the sparsity
    that chose alone before there was a judge; and of each the distance to the pool's mean, least and largest.
    """
    linear = [NAMES.index(name) for name in LINEAR]
    noise = np.maximum(rows[:, NAMES.index("noise")], MODEL_ERROR)
    logs = np.log(np.abs(rows) + TINY)
    logs[:, linear] = rows[:, linear]
    left = [rows[:, NAMES.index(name)] for name in ("unexplained at worst", "unexplained in the worst quarter")]
    worst, quarter = (np.log(np.maximum(each / noise, 1)) for each in left)
    seen = np.column_stack([logs, worst, quarter, worst + logs[:, 0]])
    return np.hstack([seen, seen - seen.mean(0), seen - seen.min(0), seen - seen.max(0)])


class _Picture:
    """What is told of a plane by itself."""

    def __init__(self, plane: np.ndarray) -> None:
        self.plane = plane
        self.steps = np.hypot(*gradients(plane))
        self.sparsity = sparsity([plane])
        self.quarters = [sparsity([quarter]) for quarter in _quarters(plane)]
        self.edge = float(np.quantile(self.steps, STRONG))
        self.clipped = float(((plane <= DARK) | (plane >= LIGHT)).mean())
        self.laplacian = ndimage.laplace(plane)
        self.rings = _rings(self.laplacian)
        self.fineness = fineness(plane)


def _of_result(photo: _Picture, sharp: _Picture, rest: np.ndarray, kernel: Kernel, noise: float) -> list[float]:
    half = len(kernel.values) // 2
    inside = rest[half:-half, half:-half] if 0 < 2 * half < min(rest.shape) - 8 else rest
    power = inside**2
    local = ndimage.gaussian_filter(power, SMOOTH)
    mass = kernel.values[kernel.values > 0]
    entropy, shown, long = -float((mass * np.log(mass)).sum()), _shown(kernel), extent(kernel)
    plain = photo.steps <= np.median(photo.steps)
    return [
        sharp.sparsity / max(photo.sparsity, TINY),
        sharp.sparsity / np.sqrt(sharp.plane.size),
        float(np.sqrt(power.mean())),
        float(np.sqrt(local.max())),
        max(float(np.sqrt(quarter.mean())) for quarter in _quarters(power)),
        noise,
        sharp.clipped - photo.clipped,
        entropy,
        long,
        entropy / np.log(long + 1),
        ndimage.label(shown)[1],
        sharp.edge,
        photo.edge,
        sharp.edge / max(photo.edge, 1e-6),
        float(np.median(sharp.steps)),
        float((sharp.steps**4).mean() / max((sharp.steps**2).mean() ** 2, 1e-12)),
        float(sharp.rings.max()),
        float(sharp.rings.mean()),
        float(np.median(np.abs(sharp.laplacian))),
        *_deviations(kernel),
        np.nan,  # RESEMBLANCES: `among` knows the others
        np.nan,
        float(sharp.rings.max() - photo.rings.max()),
        max(after / max(before, TINY) for after, before in zip(sharp.quarters, photo.quarters, strict=True)),
        sharp.fineness,
        photo.fineness,
        float(sharp.steps[plain].mean() / max(photo.steps[plain].mean(), 1e-6)),
        np.log(sharp.plane.size),
        float(np.sqrt(np.quantile(local, MOST))),
    ]


def extent(kernel: Kernel) -> int:
    """Return how many px a kernel is long or high, whichever is more, where it is not faint."""
    return max(int(np.ptp(places)) for places in np.nonzero(_shown(kernel))) + 1


def _shown(kernel: Kernel) -> np.ndarray:
    return np.asarray(kernel.values > SHOWN * kernel.values.max())


def _quarters(plane: np.ndarray) -> list[np.ndarray]:
    y, x = (side // 2 for side in plane.shape)
    return [plane[rows, columns] for rows in (slice(y), slice(y, None)) for columns in (slice(x), slice(x, None))]


def finenesses(plane: np.ndarray) -> list[float]:
    """Return the fineness of a plane at a half, a quarter and an eighth of its size.

    A kernel that is a part of the true one leaves a picture that is fine in itself and blurred when it is shrunk.
    """
    found = []
    for _ in range(3):
        if min(plane.shape) >= SMALLEST:
            plane = cv2.resize(plane, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        found.append(fineness(plane))
    return found


def _order(rest: np.ndarray) -> float:
    """Return the correlation of neighbours in an H x W plane: 0 of noise, near 1 of streaks and shadows."""
    power = max(float((rest**2).mean()), 1e-20)
    return float(((rest[:, 1:] * rest[:, :-1]).mean() + (rest[1:] * rest[:-1]).mean()) / (2 * power))


def _rings(laplacian: np.ndarray) -> np.ndarray:
    """Return the autocorrelation around no shift, over its peak, with the core set to 0: rings repeat an edge."""
    power = np.abs(transforms.forward(laplacian - laplacian.mean())) ** 2
    whole = fft.fftshift(np.abs(transforms.backward(power, laplacian.shape)))
    row, column = (side // 2 for side in whole.shape)
    near = whole[
        max(row - RING_REACH, 0) : row + RING_REACH + 1, max(column - RING_REACH, 0) : column + RING_REACH + 1
    ]
    near = near / max(float(near.max()), 1e-12)
    middle = [side // 2 for side in near.shape]
    core = tuple(slice(max(place - RING_CORE, 0), place + RING_CORE + 1) for place in middle)
    near[core] = 0
    return np.asarray(near)


def _deviations(kernel: Kernel) -> tuple[float, float]:
    """Return a kernel's standard deviations in px along its short and its long axis."""
    values = kernel.values.astype(np.float64)
    places = np.indices(values.shape).reshape(2, -1)
    spread = np.cov(places, aweights=values.ravel(), ddof=0)
    short, long = np.sqrt(np.linalg.eigvalsh(spread).clip(0))
    return float(short), float(long)
