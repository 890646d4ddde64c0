"""Restores all open photos, one after another, while the user looks at any of them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.language import tr
from app.window.document import State
from app.window.parked import request_to_run
from app.window.roll import Badge
from app.window.session import Session
from app.window.summary import same_run


class DeblurAll(QObject):
    """A queue of open photos. changed: it begins, goes on or ends. ended: how many were restored."""

    changed = Signal()
    ended = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session, self._document, self._roll = session, session.document, session.roll
        self._waiting: list[Path] = []
        self._now: Path | None = None
        self._begun = False  # whether the current photo was ready; else it begins once it is read
        self.total = self.done = self._restored = 0
        session.run_ended.connect(self._ended)
        session.document.state_changed.connect(self._try_again)
        session.opened.connect(self._opened)

    @property
    def running(self) -> bool:
        """Whether photos are being restored, or wait for it."""
        return self._now is not None or bool(self._waiting)

    def wanted(self) -> list[Path]:
        """Return the open photos without a result, or whose choices changed since."""
        return [path for path in self._roll.paths if self._wants(path)]

    def start(self) -> None:
        """Restore all that want it; those that are being restored come to their end first."""
        if not self.running:
            self._waiting = self.wanted()
            self.total, self.done, self._restored = len(self._waiting), 0, 0
            self._next()

    def add(self, path: Path) -> None:
        """Restore one photo, after those that wait already."""
        if self._now == path or path in self._waiting:
            return
        if not self.running:
            self.total = self.done = self._restored = 0
        self._waiting.append(path)
        self.total += 1
        if self._now is None:
            self._next()
        else:
            self.changed.emit()

    def stop(self) -> None:
        """End the current run; the others do not begin."""
        self._waiting.clear()
        if self._now is not None:
            self._session.cancel(self._now)
        self.changed.emit()

    def _wants(self, path: Path) -> bool:
        held = self._document if path == self._document.path else self._roll.parked(path)
        badge = self._roll.badge(path)
        if badge is Badge.WORKING:
            return False
        if held is None or held.result is None:
            return badge is Badge.NONE
        now = request_to_run(path, held.request, held.all_marks)
        return not same_run(held.result.request, now)

    def _next(self) -> None:
        self._now = None
        if self._waiting and self._roll.crowding is not None:
            self._waiting.clear()
            text = tr("Unsaved results fill the memory: save all, then deblur all again.")
            self._session.refused.emit(text)
        if self._waiting:
            self._now, self._begun = self._waiting.pop(0), False
            self._begin(self._now)
        elif self.total:
            self.ended.emit(self._restored)
        self.changed.emit()

    def _begin(self, path: Path) -> None:
        if path not in self._roll.paths:
            self._next()
        elif path != self._document.path:
            self._begun = True
            self._session.deblur_hidden(path)
        elif self._document.state is State.READY:
            self._begun = True
            self._session.deblur()

    def _try_again(self) -> None:
        """Begin with the current photo once it is read, or as a hidden one if the user went on before."""
        if self._now is not None and not self._begun:
            self._begin(self._now)

    def _opened(self, path: Path) -> None:
        """Begin where the user opened the photo while it was being read as a hidden one."""
        document = self._document
        if path == self._now == document.path and document.state is State.READY and document.result is None:
            self._begin(path)

    def _ended(self, path: Path, restored: bool) -> None:
        if path == self._now:
            self.done += 1
            self._restored += restored
            self._next()
