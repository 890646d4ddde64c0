"""Several kernels for one photo: each search finds some that the others miss, and nobody tells the blur's size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.kernels.blind import SEARCHES, photo_kernel, refined
from engine.kernels.estimation import luma, telling_window
from engine.kernels.kernel import Kernel
from engine.kernels.moving import centred_exactly
from engine.kernels.search import Search, search

WINDOW = 512  # px a side: enough for kernels of up to 27 px
LARGE_WINDOW = 800  # px a side: larger kernels need more edges
SMALL = (Search(15, 20), Search(21, 2), Search(27, 2), Search(27, 20))
LARGE = (Search(45, 20), Search(75, 20), Search(115, 20))
REFININGS = 2
PART = 3  # a kernel's side is at most this part of the picture's


@dataclass(frozen=True, eq=False)
class Candidate:
    """A kernel whose mass is centred exactly, and what found it."""

    kernel: Kernel
    origin: str


def candidates(photo: np.ndarray, on_step: Callable[[], None] = lambda: None) -> list[Candidate]:
    """Return the kernels that may have blurred an H x W x 3 photo in [0, 1].

    on_step is called after each search, and may raise. Empty where the photo holds no edges.
    """
    found = []
    part, large = (np.ascontiguousarray(photo[telling_window(photo, side)]) for side in (WINDOW, LARGE_WINDOW))
    for number, wanted in enumerate(SEARCHES):
        found += _tried(lambda wanted=wanted: [(photo_kernel(part, (wanted,)), f"edges {number}")])
        on_step()
    for wanted, window in [*((each, part) for each in SMALL), *((each, large) for each in LARGE)]:
        plane = luma(window)
        if wanted.side <= min(plane.shape) // PART:
            found += _tried(lambda wanted=wanted, plane=plane: _searched(plane, wanted))
            on_step()
    return [Candidate(centred_exactly(kernel), origin) for kernel, origin in found]


def _searched(plane: np.ndarray, wanted: Search) -> Iterator[tuple[Kernel, str]]:
    """Yield the kernel that a search finds, and what refining makes of it."""
    name = f"{wanted.side} px, ridge {wanted.ridge:g}"
    kernel = Kernel(search(plane, wanted))
    yield kernel, name
    for number in range(REFININGS):
        kernel = refined(plane[..., None], kernel)
        yield kernel, f"{name}, refined {number + 1}"


def _tried(find: Callable[[], object]) -> list[tuple[Kernel, str]]:
    try:
        return list(find())  # type: ignore[call-overload]
    except ValueError:
        return []
