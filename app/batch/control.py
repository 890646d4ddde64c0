"""Pauses, resumes and cancels a running batch."""

from __future__ import annotations

import threading

from engine.errors import Cancelled


class Control:
    """Pauses, resumes and cancels a batch, from any thread. A pause begins after the photos in progress."""

    def __init__(self) -> None:
        self.cancelled = threading.Event()
        self._free = threading.Event()
        self._free.set()

    @property
    def paused(self) -> bool:
        """Whether the batch is paused."""
        return not self._free.is_set()

    def pause(self) -> None:
        """Start no further photo."""
        self._free.clear()

    def resume(self) -> None:
        """Resume."""
        self._free.set()

    def cancel(self) -> None:
        """End the batch; finished photos stay."""
        self.cancelled.set()
        self._free.set()

    def wait(self) -> None:
        """Wait for the end of a pause; raise Cancelled if the batch is cancelled."""
        self._free.wait()
        if self.cancelled.is_set():
            raise Cancelled("Cancelled.")
