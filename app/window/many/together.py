"""Restores all open photos, one after another, while the user looks at any of them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.language import tr
from app.window.photos.photo_state import State
from app.window.photos.roll import Badge
from app.window.session import Session


class DeblurAll(QObject):
    """A queue of open photos. changed: it begins, goes on or ends. ended: how many were restored."""

    changed = Signal()
    ended = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session, self._document, self._roll = session, session.document, session.roll
        self._waiting: list[Path] = []
        self._now: Path | None = None
        self._begun = False  # else the current photo is being opened, and begins once it is read
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
        badge, opened = self._roll.badge(path), self._roll.photo(path)
        if badge is Badge.WORKING:
            return False
        return opened.outdated if opened is not None and opened.result is not None else badge is Badge.NONE

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
        opened = self._roll.photo(path)
        if path not in self._roll.paths:
            self._next()
        elif opened is None or opened.state is not State.OPENING:
            self._begun = True
            self._session.deblur_one(path)

    def _try_again(self) -> None:
        """Begin with the current photo once it is read, or as a hidden one if the user went on before."""
        if self._now is not None and not self._begun:
            self._begin(self._now)

    def _opened(self, path: Path) -> None:
        """Begin where the user opened the photo while it was being read as a hidden one."""
        shown = self._document.shown
        if path == self._now == shown.path and shown.state is State.READY and shown.result is None:
            self._begin(path)

    def _ended(self, path: Path, restored: bool) -> None:
        if path == self._now:
            self.done += 1
            self._restored += restored
            self._next()
