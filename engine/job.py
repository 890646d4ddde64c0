"""A job of an engine, which another thread waits for or cancels."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Generic, Literal, TypeVar

from engine.errors import Cancelled

State = Literal["queued", "running", "done", "failed", "cancelled"]
T = TypeVar("T")


class Job(Generic[T]):
    """A job that is queued, running or done."""

    def __init__(self, future: Future[T], cancel: Callable[[], object]) -> None:
        self._future = future
        self._cancel = cancel

    def cancel(self) -> None:
        """Ask the job to end; a running job ends before its next tile."""
        self._cancel()
        self._future.cancel()

    def done(self) -> bool:
        """Whether the job has ended, successfully or not."""
        return self._future.done()

    def result(self, timeout: float | None = None) -> T:
        """Wait for the result, at most `timeout` seconds (TimeoutError).

        Raise Cancelled, a UserError for a problem that the user can solve, or any other error of the job.
        """
        try:
            return self._future.result(timeout)
        except CancelledError:
            raise Cancelled("Cancelled.") from None

    def when_done(self, call: Callable[[Job[T]], None]) -> None:
        """Call `call` with this job when it has ended, on the engine's thread (at once if it has ended already)."""
        cancel = self._cancel  # not `self`: result and job would keep each other in memory
        self._future.add_done_callback(lambda future: call(Job(future, cancel)))

    @property
    def state(self) -> State:
        """The state of the job."""
        if self._future.cancelled():
            return "cancelled"
        if not self._future.done():
            return "running" if self._future.running() else "queued"
        error = self._future.exception()
        if isinstance(error, Cancelled):
            return "cancelled"
        return "done" if error is None else "failed"
