"""Access to the engine: it starts when it is first needed, and every waiting job can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.errors import Cancelled
from engine.place import Place
from engine.rehearsed import is_due
from engine.request import Request

if TYPE_CHECKING:
    from engine.job import Job
    from engine.protocol import AnyEngine


class EngineAccess:
    """Submits jobs to the engine, and knows each waiting job with the event that stops it.

    place: where runs compute.
    """

    def __init__(self, make_engine: Callable[[], AnyEngine]) -> None:
        self._make_engine = make_engine
        self._lock = threading.Lock()
        self._running: list[tuple[Job[Any], threading.Event | None]] = []
        self._closed = False
        self.engine: AnyEngine | None = None
        self.place = Place()

    @property
    def place_now(self) -> Place:
        """Where a run computes while somebody waits: until the machine is measured, by what needs no measuring.

        `Rehearsal` measures in idle time.
        """
        if self.place.backend == "auto" and is_due(Request().at(self.place)):
            return replace(self.place, backend="pytorch")
        return self.place

    @property
    def busy(self) -> bool:
        """Whether a job runs or waits."""
        return bool(self._running)

    def wait(self, submit: Callable[[AnyEngine], Job[Any]], stop: threading.Event | None = None) -> Any:
        """Submit and wait, on a thread that may block; raise `Cancelled` once this is closed or `stop` is set."""
        with self._lock:
            if self._closed:
                raise Cancelled
            if self.engine is None:
                self.engine = self._make_engine()
        job = submit(self.engine)
        entry = (job, stop)
        self._running.append(entry)
        if self._closed or (stop is not None and stop.is_set()):
            job.cancel()
        try:
            return job.result()
        finally:
            self._running.remove(entry)

    def cancel(self, *stops: threading.Event | None) -> None:
        """Cancel the jobs that were submitted with one of these events; None stands for jobs without an event."""
        for job, stop in list(self._running):
            if stop in stops:
                job.cancel()

    def refuse(self) -> None:
        """Cancel everything and accept no more jobs; waiting threads continue."""
        self._closed = True
        for job, _ in list(self._running):
            job.cancel()
        self.close()

    def close(self) -> None:
        """Close the engine, if it was started."""
        if self.engine is not None:
            self.engine.close()
