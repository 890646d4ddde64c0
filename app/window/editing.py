"""The window as the external editor of another program: restores what was handed over, writes it back at Done."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QPushButton

from app.cli.console import DONE, FAILED, INTERRUPTED
from app.handover import Handover, check_whole
from app.language import tr, translated
from app.window import dialogs
from app.window.application import run_window
from app.window.photos.photo_state import State
from app.window.photos.roll import Badge
from engine.errors import UserError
from engine.request import Request

if TYPE_CHECKING:
    from app.window.main_window import MainWindow


def edit_in_window(handover: Handover, request: Request) -> int:
    """Show the photos that were handed over until the window is closed; return the exit code."""
    for name in ("SIGTERM", "SIGHUP"):  # Python's own handlers wait for Python code, which Qt's loop seldom runs
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    made: list[Editing] = []
    run_window(list(handover.originals), lambda window: made.append(Editing(window, handover, request)))
    return made[0].code


class Editing(QObject):
    """Restores each photo when it is first shown, as `request` says. Done writes the results back and closes."""

    def __init__(self, window: MainWindow, handover: Handover, request: Request) -> None:
        super().__init__(window)
        self._window, self._handover = window, handover
        self._session, self._document = window.session, window.document
        self._choices = request.of_any_photo
        self._waiting: set[Path] = set()
        self._begun: set[Path] = set()
        self._written: set[Path] = set()
        self._done_asked = self._failed = False
        window.saving.handover = handover
        window.many.offered = False  # each photo is checked when it is shown first
        self.button = QPushButton(tr("Done"))
        self.button.setToolTip(tr("Write the results into the photos, and go back to the program that sent them"))
        self.button.clicked.connect(lambda _=False: self.done())
        window.top.replace_save(self.button)
        self._session.opened.connect(self._opened)
        self._session.written.connect(self._wrote)
        self._session.refused.connect(self._refused)
        for changed in (self._document.marks_changed, self._document.state_changed):
            changed.connect(self._refresh)
        self._session.roll.badge_changed.connect(self._refresh)
        self._introduce()

    @property
    def code(self) -> int:
        """The exit code: whether the photos went back, all or some of them."""
        if self._handover.failures or self._failed:
            return FAILED
        return DONE if self._done_asked or self._written else INTERRUPTED

    def done(self) -> None:
        """Write the results back and close the window, after asking about photos without one."""
        roll = self._session.roll
        left = [path.name for path in self._handover.originals if path in roll.paths and path not in self._begun]
        if left and not dialogs.ask_leave_out(self._window, left):
            return
        self._done_asked = True
        self._window.browsing.save_all_and_close()

    def _introduce(self) -> None:
        if self._handover.failures:
            self._window.message.say("error", translated(self._handover.failures[0]))
        elif self._document.shown.photo is not None:
            sentence = tr("Another program sent this photo. Done writes the result into it and closes the window.")
            self._window.message.say("info", sentence)

    def _opened(self, path: Path) -> None:
        original, photo = self._handover.originals.get(path), self._document.shown.photo
        if (
            original is None
            or photo is None
            or path != self._document.shown.path
            or path in self._begun | self._waiting
        ):
            return
        try:
            check_whole(photo, original)
        except UserError as error:
            self._handover.failures.append(error)
            del self._handover.originals[path]  # its result is saved as that of any other photo
            self._window.message.say("warning", translated(error))
            return
        if not self._begun:
            self._introduce()
        self._document.shown.change_request(**self._choices)
        self._waiting.add(path)
        self._refresh()

    def _refresh(self, *_: object) -> None:
        roll = self._session.roll
        busy = self._document.shown.state in (State.OPENING, State.WORKING)
        self.button.setEnabled(not busy and all(roll.badge(path) is not Badge.WORKING for path in roll.paths))
        if self._waiting:
            QTimer.singleShot(0, self._restore)  # not in the midst of the change that is being told

    def _restore(self) -> None:
        shown = self._document.shown
        ready = shown.state is State.READY and shown.searched and not shown.finding_faces
        if ready and shown.path in self._waiting:
            self._waiting.remove(shown.path)
            self._begun.add(shown.path)
            self._session.deblur()

    def _wrote(self, target: Path) -> None:
        if target in self._handover.originals.values():
            self._handover.written(target)
            self._written.add(target)
            self._failed = False

    def _refused(self, _: str) -> None:
        if self._done_asked:  # a result could not be written, and the window stays open
            self._done_asked, self._failed = False, True
