"""Several kernels for one photo: each search finds some that the others miss, and nobody tells the blur's size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event

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
AT_ONCE = 2  # searches; each uses more cores for its transforms
LISTENING = 0.2  # s between two looks for a stop

Find = Callable[[Callable[[], None]], list[Kernel]]
"""Returns kernels; calls what it is given several times a second, which may raise."""


class _StoppedError(Exception):
    """Somebody does not want the kernels any more."""


def candidates(photo: np.ndarray, on_progress: Callable[[float], None] = lambda _: None) -> list[Kernel]:
    """Return the kernels that may have blurred an H x W x 3 photo in [0, 1], each exactly centred on its mass.

    on_progress is told the share in [0, 1] that is done several times a second, and may raise: what runs then ends
    within half a second. Empty where the photo holds no edges.
    """
    part, large = (np.ascontiguousarray(photo[telling_window(photo, side)]) for side in (WINDOW, LARGE_WINDOW))
    planes = [*((luma(part), each) for each in SMALL), *((luma(large), each) for each in LARGE)]
    finders: list[Find] = [
        *(lambda check, wanted=wanted: [photo_kernel(part, WINDOW, wanted, check)] for wanted in SEARCHES),
        *(
            lambda check, plane=plane, wanted=wanted: list(_searched(plane, wanted, check))
            for plane, wanted in planes
            if wanted.side <= min(plane.shape) // PART
        ),
    ]
    # The longest are begun first, so that none of them is waited for alone.
    return [centred_exactly(kernel) for kernels in reversed(_all(finders[::-1], on_progress)) for kernel in kernels]


def _searched(plane: np.ndarray, wanted: Search, check: Callable[[], None]) -> Iterator[Kernel]:
    """Yield the kernel that a search finds, and what refining makes of it."""
    kernel = Kernel(search(plane, wanted, check))
    yield kernel
    for _ in range(REFININGS):
        kernel = refined(plane[..., None], kernel)
        check()
    yield kernel


def _all(finders: Sequence[Find], on_progress: Callable[[float], None]) -> list[list[Kernel]]:
    """Return what the finders find, in their order; nothing of one that finds no edges."""
    stop = Event()

    def check() -> None:
        if stop.is_set():
            raise _StoppedError

    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = [threads.submit(_tried, find, check) for find in finders]
        try:
            waiting: set[Future[list[Kernel]]] = set(found)
            while waiting:
                on_progress(1 - len(waiting) / len(found))
                _, waiting = wait(waiting, LISTENING, FIRST_COMPLETED)
        except BaseException:
            stop.set()
            threads.shutdown(cancel_futures=True)
            raise
    return [each.result() for each in found]


def _tried(find: Find, check: Callable[[], None]) -> list[Kernel]:
    check()
    try:
        return find(check)
    except ValueError:  # no edges: nothing tells of a blur
        return []
