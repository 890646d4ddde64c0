"""Asks for a newer version on a thread that nobody waits for."""

from __future__ import annotations

import contextlib
import logging
import threading

from PySide6.QtCore import QObject, Signal

from app.updates import newer_version

_log = logging.getLogger(__name__)


class UpdateCheck(QObject):
    """`answered` with the newer version, "" where there is none, None where the page could not be asked."""

    answered = Signal(object)

    def ask(self, page: str) -> None:
        """Ask in the background; the thread ends with the program, however long a network takes to answer."""
        threading.Thread(target=self._ask, args=(page,), name="update-check", daemon=True).start()

    def _ask(self, page: str) -> None:
        try:
            answer: str | None = newer_version(page) or ""
        except OSError as error:
            _log.info("%s was not asked for a newer version: %s", page, error)
            answer = None
        with contextlib.suppress(RuntimeError):  # the window may be gone
            self.answered.emit(answer)
