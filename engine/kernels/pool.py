"""Several kernels for one photo: each search finds some that the others miss, and nobody tells the blur's size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import cv2
import numpy as np

from engine.kernels.at_once import OnProgress, at_once
from engine.kernels.blind import SEARCHES, photo_kernel, refined
from engine.kernels.blind import Search as EdgeSearch
from engine.kernels.estimation import luma, telling_window
from engine.kernels.kernel import Kernel
from engine.kernels.moving import centred_exactly
from engine.kernels.search import Search, search

WINDOW = 512  # px a side: enough for kernels of up to 27 px
LARGE_WINDOW = 800  # px a side: larger kernels need more edges
SMALL = (Search(15, 20), Search(21, 2), Search(27, 2))
LARGE = (Search(45, 20), Search(75, 20), Search(115, 20), Search(151, 20))
REFININGS = 2
PART = 3  # a kernel's side is at most this part of the picture's
SHRUNK = 2400  # px: the longer side of a photo in which large kernels are looked for
Find = Callable[[Callable[[], None]], list[Kernel]]
"""Returns kernels; calls what it is given several times a second, which may raise."""


def small_candidates(photo: np.ndarray, on_progress: OnProgress = lambda _: None) -> list[Kernel]:
    """Return kernels of up to 41 px that may have blurred an H x W x 3 photo in [0, 1], centred on their mass.

    on_progress is told the share in [0, 1] that is done several times a second, and may raise: what runs then ends
    within half a second. Empty where the photo holds no edges.
    """
    plane = luma(photo[telling_window(photo, WINDOW)])
    return _all([*(partial(_by_edges, plane, each) for each in SEARCHES), *_searches(SMALL, plane)], on_progress)


def large_candidates(photo: np.ndarray, on_progress: OnProgress = lambda _: None) -> list[Kernel]:
    """Return kernels of more than that, as `small_candidates` does.

    They are looked for in the photo shrunk to 2400 px, and enlarged: the shake of a full-resolution photo is 200 px
    long, and no more detailed than that.
    """
    factor = max(1.0, max(photo.shape[:2]) / SHRUNK)
    small = (
        photo if factor == 1 else cv2.resize(photo, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA)
    )
    plane = luma(small[telling_window(small, LARGE_WINDOW)])
    found = _all(_searches(LARGE, plane), on_progress)
    return [_enlarged(kernel, factor) for kernel in found]


def _searches(wanted: Sequence[Search], plane: np.ndarray) -> list[Find]:
    return [partial(_searched, plane, each) for each in wanted if each.side <= min(plane.shape) // PART]


def _enlarged(kernel: Kernel, factor: float) -> Kernel:
    if factor == 1:
        return kernel
    side = round(len(kernel.values) * factor) | 1
    larger = cv2.resize(kernel.values, (side, side), interpolation=cv2.INTER_CUBIC).clip(0)
    return centred_exactly(Kernel(np.asarray(larger / larger.sum(), np.float32)))


def _by_edges(plane: np.ndarray, search: EdgeSearch, check: Callable[[], None]) -> list[Kernel]:
    """Return what one search finds, refined by luma alone: colour takes three times as long and finds no more."""
    return [photo_kernel(plane, WINDOW, search, check)]


def _searched(plane: np.ndarray, wanted: Search, check: Callable[[], None]) -> list[Kernel]:
    """Return the kernel that a search finds, and what refining makes of it."""
    found = kernel = Kernel(search(plane, wanted, check))
    for _ in range(REFININGS):
        kernel = refined(plane[..., None], kernel)
        check()
    return [found, kernel]


def _all(finders: Sequence[Find], on_progress: OnProgress) -> list[Kernel]:
    """Return what the finders find, in their order; nothing of one that finds no edges."""
    # The last take longest: begun first, none of them is waited for alone.
    found = at_once([partial(_tried, find) for find in reversed(finders)], on_progress)
    return [centred_exactly(kernel) for each in reversed(found) for kernel in each]


def _tried(find: Find, check: Callable[[], None]) -> list[Kernel]:
    check()
    try:
        return find(check)
    except ValueError:  # no edges: nothing tells of a blur
        return []
