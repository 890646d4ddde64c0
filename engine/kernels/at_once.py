"""Several computations at once, one on each core, that end soon when nobody wants them any more."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial
from threading import Event
from typing import TypeVar

from engine.kernels.transforms import on_one_core

LISTENING = 0.2  # s between two looks for a stop
MOST = 8  # threads: each holds a few planes of its picture
T = TypeVar("T")
OnProgress = Callable[[float], None]
Check = Callable[[], None]


class _StoppedError(Exception):
    """Somebody does not want the results any more."""


def at_once(tasks: Sequence[Callable[[Check], T]], on_progress: OnProgress = lambda _: None) -> list[T]:
    """Return what the tasks return, in their order; raise what one of them raises.

    A task calls what it is given several times a second; that raises when the others need not go on. on_progress is
    told the share in [0, 1] that is done several times a second, and may raise: what runs then ends.
    """
    stop = Event()

    def check() -> None:
        if stop.is_set():
            raise _StoppedError

    with ThreadPoolExecutor(max(min(len(tasks), _cores(), MOST), 1)) as threads:
        running = [threads.submit(_on_one_core, partial(task, check)) for task in tasks]
        try:
            waiting: set[Future[T]] = set(running)
            while waiting:
                on_progress(1 - len(waiting) / len(running))
                ended, waiting = wait(waiting, LISTENING, FIRST_COMPLETED)
                for each in ended:
                    each.result()
        except BaseException:
            stop.set()
            threads.shutdown(cancel_futures=True)
            raise
    return [each.result() for each in running]


def _on_one_core(task: Callable[[], T]) -> T:
    with on_one_core():
        return task()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
