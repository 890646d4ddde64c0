"""What the window tells in passing: what was written, what a file cannot hold, what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.language import tr, translated
from app.window.photos.document import Document
from app.window.photos.photo_state import State
from app.window.session import Session
from app.window.widgets.message_bar import MessageBar, Toast


class Notices(QObject):
    """Shows a toast for what went well, and a message for what needs to be read."""

    def __init__(self, window: QWidget, session: Session, message: MessageBar, toast: Toast) -> None:
        super().__init__(window)
        self._window, self._message, self._toast = window, message, toast
        self._document: Document = session.document
        session.refused.connect(partial(message.say, "error"))
        session.written.connect(self._wrote)
        session.left_out.connect(self._tell_left_out)
        session.document.state_changed.connect(self._forget_error)

    def _wrote(self, target: Path) -> None:
        if not self._window.isVisible():
            return
        folder = QUrl.fromLocalFile(str(target.parent))
        self._toast.say(
            tr("Saved {name}").format(name=target.name),
            tr("Show in folder"),
            partial(QDesktopServices.openUrl, folder),
        )

    def _tell_left_out(self, target: Path, sentences: Sequence[str]) -> None:
        self._message.say("info", f"{target.name}: {' '.join(map(translated, sentences))}")

    def _forget_error(self) -> None:
        if self._document.shown.state is State.WORKING:
            self._message.hide_error()
