"""Asks for a newer version on a thread that nothing waits for."""

from __future__ import annotations

import contextlib
import logging
import threading

from PySide6.QtCore import QObject, Signal

from app.updates import newer_version

_log = logging.getLogger(__name__)


class UpdateCheck(QObject):
    """Emits `answered` with the newer version, "" if there is none, None if the page could not be reached."""

    answered = Signal(object)

    def ask(self, page: str) -> None:
        """Ask in the background. The thread ends with the program, even if the network does not answer."""
        threading.Thread(target=self._ask, args=(page,), name="update-check", daemon=True).start()

    def _ask(self, page: str) -> None:
        try:
            answer: str | None = newer_version(page) or ""
        except OSError as error:
            _log.info("%s was not asked for a newer version: %s", page, error)
            answer = None
        with contextlib.suppress(RuntimeError):  # the window may be gone
            self.answered.emit(answer)
