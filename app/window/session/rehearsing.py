"""Lets the engine measure this machine while nobody waits for it, once after each installation."""

from __future__ import annotations

import logging
import threading
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.language import tr
from app.remaining import Remaining, duration
from app.window.jobs import Post, Wait
from app.window.photos.photo_state import State
from app.window.session.session import Session
from engine.errors import Cancelled
from engine.request import Request

_log = logging.getLogger(__name__)

IDLE = 3_000
"""The window must have been idle for this many milliseconds, so that opening a photo never waits."""


class Rehearsal(QObject):
    """Begins when nothing runs; any job of the user cancels it, and it tries again later.

    said: what is going on and how long it takes, "" when it ends.
    """

    said = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session, self._document = session, session.document
        self._remaining = Remaining()
        self._stop: threading.Event | None = None
        self._timer = QTimer(self, singleShot=True, interval=IDLE)
        self._timer.timeout.connect(self._look)
        session.closing.connect(self._timer.stop)

    @property
    def running(self) -> bool:
        """Whether the machine is being measured now."""
        return self._stop is not None

    def begin(self) -> None:
        """Measure as soon as nothing runs, unless that was done before."""
        from engine.rehearsed import is_due

        if is_due(self._request):
            self._timer.start()

    @property
    def _request(self) -> Request:
        return Request().at(self._session.place)

    def _look(self) -> None:
        if self._session.busy or self._document.shown.state in (State.OPENING, State.WORKING):
            self._timer.start()
            return
        self._stop, self._remaining = threading.Event(), Remaining()
        self._show(0.0)
        work = partial(self._work, self._request, self._stop)
        self._session.in_background(work, lambda _: self._end(), self._failed)

    def _work(self, request: Request, stop: threading.Event, wait: Wait, post: Post) -> None:
        def on_progress(share: float, _: str) -> None:
            post(partial(self._show, share))

        wait(lambda engine: engine.rehearse(request, on_progress=on_progress), stop)

    def _show(self, share: float) -> None:
        if self._stop is None:
            return
        left = self._remaining.seconds(share, "backend")
        time = tr("about half a minute") if left is None else tr("{time} left").format(time=duration(left))
        self.said.emit(tr("Measuring once how fast this computer is: {time}").format(time=time))

    def _failed(self, error: BaseException) -> None:
        self._end()
        if isinstance(error, Cancelled):
            self._timer.start()
        else:  # nobody asked for it; the first photo that needs it tells what is wrong
            _log.info("this machine was not measured: %s", error)

    def _end(self) -> None:
        self._stop = None
        self.said.emit("")
