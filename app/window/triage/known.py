"""What is known of the blur of photos that are open or in a batch: their badges, without measuring anything twice."""

from __future__ import annotations

import logging
import threading
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.triage.cache import Cache
from app.triage.looking import look_here, remembered
from app.triage.triaged import Triaged
from app.window.jobs import Post, Wait
from app.window.photos.photo_state import State
from app.window.session import Session
from engine.diagnosis.diagnosis import Diagnosis

_log = logging.getLogger(__name__)
IDLE = 4_000
"""Milliseconds for which nothing must have run before a photo is measured that nobody looked at yet."""
NEXT = 200
"""Milliseconds from one such photo to the next."""


class KnownBlur(QObject):
    """Tells diagnoses: those that a triage found, those that are remembered, and, in idle time, new ones.

    Only the GUI thread may use it. changed: the diagnosis of a photo became known.
    """

    changed = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session, self._memory = session, Cache()
        self._told: dict[Path, Diagnosis | None] = {}
        self._asked: list[Path] = []
        self._unknown: dict[Path, None] = {}
        self._busy = False
        self._stop = threading.Event()
        self._idle = QTimer(self, singleShot=True)
        self._idle.timeout.connect(self._measure)
        session.closing.connect(self._close)

    def of(self, path: Path, measure: bool = True) -> Diagnosis | None:
        """Return what is known of a photo; the first time it is asked for, look into what is remembered.

        measure: let it be measured in idle time if nobody has looked at it.
        """
        if path not in self._told:
            self._told[path] = None
            self._asked.append(path)
            if measure:
                self._unknown[path] = None
            self._go_on()
        return self._told[path]

    def put(self, found: Triaged) -> None:
        """Take what a triage found."""
        self._unknown.pop(found.path, None)
        if found.diagnosis is not None and found.diagnosis != self._told.get(found.path):
            self._told[found.path] = found.diagnosis
            self.changed.emit(found.path)

    # what is remembered: the photo that was asked for last comes first, since it is visible

    def _go_on(self) -> None:
        if self._busy or self._stop.is_set():
            return
        if not self._asked:
            if self._unknown:
                self._idle.start(IDLE)
            return
        self._busy = True
        path = self._asked.pop()
        self._session.in_background(
            lambda *_: remembered(path, self._memory), self._looked_up, partial(self._unreadable, path)
        )

    def _looked_up(self, found: Triaged | None) -> None:
        self._busy = False
        if found is not None:
            self.put(found)
        self._go_on()

    def _unreadable(self, path: Path, error: BaseException) -> None:
        """Show no badge: whoever opens the photo is told what is wrong with it."""
        self._busy = False
        self._unknown.pop(path, None)
        _log.info("nothing is known of %s: %s", path, error)
        self._go_on()

    # idle time

    def _measure(self) -> None:
        if not self._unknown or self._busy:
            return
        if self._session.busy or self._session.document.shown.state in (State.OPENING, State.WORKING):
            self._idle.start(IDLE)
            return
        path, _ = self._unknown.popitem()
        self._busy = True
        self._session.in_background(partial(self._look, path), self._measured, partial(self._unreadable, path))

    def _look(self, path: Path, wait: Wait, post: Post) -> Triaged:
        del post
        found: Triaged = wait(lambda engine: engine.call(look_here, path, False), self._stop)
        return found

    def _measured(self, found: Triaged) -> None:
        self._busy = False
        self.put(found)
        if self._unknown:
            self._idle.start(NEXT)

    def _close(self) -> None:
        self._idle.stop()
        self._session.stop(self._stop)
