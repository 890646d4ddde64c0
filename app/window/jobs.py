"""The only connection between threads: work runs in a pool, and every answer is called in the GUI thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from engine.job import Job
    from engine.protocol import AnyEngine

_log = logging.getLogger(__name__)
_THREADS = 8

Answer = TypeVar("Answer")
Post = Callable[[Callable[[], object]], None]
"""Schedules a call in the GUI thread."""


class Wait(Protocol):
    """Submits a job to the engine and waits for its result, on a thread that may block."""

    def __call__(self, submit: Callable[[AnyEngine], Job[Any]], stop: threading.Event | None = None, /) -> Any:
        """Return the job's result; cancel it when `stop` is set."""


class Jobs(QObject):
    """Create and `close` it in the GUI thread. After `close` it calls nothing."""

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="acutance-window")
        self._closed = False
        self._posted.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], Answer],
        done: Callable[[Answer], object],
        failed: Callable[[BaseException], object],
    ) -> None:
        """Do `work` on a thread, then call `done` with its result or `failed` with its exception."""

        def attempt() -> None:
            try:
                answer = work()
            except Exception as error:  # noqa: BLE001 - the thread's end: the GUI thread decides what to say
                self.post(lambda error=error: failed(error))  # type: ignore[misc]
            else:
                self.post(lambda: done(answer))

        if not self._closed:
            self._pool.submit(attempt)

    def post(self, call: Callable[[], object]) -> None:
        """Schedule `call` in the GUI thread, from any thread, in order."""
        if not self._closed:
            self._posted.emit(call)

    def close(self) -> None:
        """Wait for the threads and drop their answers."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    @Slot(object)
    def _call(self, call: Callable[[], object]) -> None:
        if not self._closed:
            call()
