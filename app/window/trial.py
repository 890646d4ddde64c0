"""Operates the window by itself, for the smoke test of the packaged program."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.window.main_window import MainWindow
from app.window.photos.photo_state import State

PICTURE_VARIABLE = "ACUTANCE_SCREENSHOT"  # where the smoke test wants the picture of the window

_log = logging.getLogger(__name__)


class Trial(QObject):
    """Restores the open photo, saves it beside `picture`, photographs the window and closes it.

    If something fails, the result is missing there, and the log says why.
    """

    def __init__(self, window: MainWindow, picture: Path) -> None:
        super().__init__(window)
        self._window, self._picture = window, picture
        self._steps = [self._restore, self._save, self._close]
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)
        self._timer.start(20)
        for failed in (window.session.refused, window.session.unexpected):
            failed.connect(self._close)

    @staticmethod
    def result_beside(picture: Path) -> Path:
        """Return the path of the restored photo."""
        return picture.with_name(f"{picture.stem}-restored.png")

    def _go_on(self) -> None:
        shown = self._window.document.shown
        busy = shown.state in (State.OPENING, State.WORKING) or shown.finding_faces
        saving = self._steps == [self._close] and not shown.saved
        if not (busy or saving):
            self._steps.pop(0)()

    def _restore(self) -> None:
        if self._window.document.shown.photo is not None:
            self._window.session.deblur()

    def _save(self) -> None:
        self._window.session.writing.result(self.result_beside(self._picture))

    def _close(self) -> None:
        self._timer.stop()
        if not self._window.grab().save(str(self._picture)):
            _log.error("%s cannot be written", self._picture)
        self._window.document.shown.mark_saved()  # so that closing asks nothing
        self._window.close()
