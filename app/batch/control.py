"""Pause, go on, cancel: what can be asked of a batch under way."""

from __future__ import annotations

import threading

from engine.errors import Cancelled


class Control:
    """Pause, go on and cancel a batch, from any thread. A pause begins after the photos that are being restored."""

    def __init__(self) -> None:
        self.cancelled = threading.Event()
        self._free = threading.Event()
        self._free.set()

    @property
    def paused(self) -> bool:
        """Whether no further photo is begun."""
        return not self._free.is_set()

    def pause(self) -> None:
        """Begin no further photo."""
        self._free.clear()

    def resume(self) -> None:
        """Go on."""
        self._free.set()

    def cancel(self) -> None:
        """End the batch; what is done stays done."""
        self.cancelled.set()
        self._free.set()

    def wait(self) -> None:
        """Wait for the end of a pause; raise Cancelled where the batch shall end."""
        self._free.wait()
        if self.cancelled.is_set():
            raise Cancelled("Cancelled.")
