"""Diagnoses many photos on several threads, and tells each as soon as it is done."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from app.triage.triaged import Triaged
from engine.errors import Cancelled

Look = Callable[[Path, Callable[[], None]], Triaged]
"""Diagnoses a photo; calls what it is given several times a second, which may raise Cancelled."""
_LISTENING = 0.2  # s between two looks for a stop


def processors() -> int:
    """Return how many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Triage:
    """One pass over photos. workers: photos at a time.

    ended: told of each photo as soon as it is done, on the thread of `run`.
    """

    look: Look
    workers: int = field(default_factory=processors)
    cancelled: threading.Event = field(default_factory=threading.Event)
    ended: Callable[[Triaged], object] = lambda _: None

    def run(self, paths: Sequence[Path]) -> list[Triaged]:
        """Diagnose the photos; return one answer for each, in order.

        Raise Cancelled if `cancelled` was set, and whatever `look` raises.
        """
        found: dict[Path, Triaged] = {}
        with ThreadPoolExecutor(self.workers, thread_name_prefix="acutance-triage") as pool:
            try:
                for one in self._each(pool, paths):
                    found[one.path] = one
                    self.ended(one)
            except BaseException:
                self.cancelled.set()
                pool.shutdown(cancel_futures=True)
                raise
        return [found[path] for path in paths]

    def _each(self, pool: ThreadPoolExecutor, paths: Sequence[Path]) -> Iterator[Triaged]:
        """Yield the answers as they come; few photos are in memory at a time."""
        left = iter(dict.fromkeys(paths))
        waiting: set[Future[Triaged]] = set()
        while True:
            while len(waiting) < 2 * self.workers and (path := next(left, None)) is not None:
                waiting.add(pool.submit(self.look, path, self._check))
            if not waiting:
                return
            done, waiting = wait(waiting, _LISTENING, FIRST_COMPLETED)
            self._check()
            for future in done:
                yield future.result()

    def _check(self) -> None:
        if self.cancelled.is_set():
            raise Cancelled("Cancelled.")
