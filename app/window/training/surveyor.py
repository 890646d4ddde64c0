"""Surveys a folder of photos in the background, and stores the user's decision on each photo."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.window.session import Session

if TYPE_CHECKING:
    from training.survey import Look

_SMALLEST_FACE = 40  # px, as training reads the photo


class Surveyor(QObject):
    """Surveys one folder at a time. looked: at one more photo. ended: it finished, failed or was cancelled."""

    begun = Signal()
    looked = Signal(object)
    ended = Signal()
    refused = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.total = 0
        self._stop: threading.Event | None = None

    @property
    def running(self) -> bool:
        """Whether the survey is running."""
        return self._stop is not None

    def start(self, folder: Path) -> None:
        """Survey a folder, and forget the previous one."""
        self.cancel()
        self.total = 0
        self._stop = stop = threading.Event()
        self.begun.emit()
        self._session.in_background(
            partial(_look_through, folder, stop, self), partial(self._end, stop), partial(self._failed, stop)
        )

    def cancel(self) -> None:
        """Stop the survey."""
        if self._stop is not None:
            stop, self._stop = self._stop, None
            self._session.stop(stop)
            self.ended.emit()

    def counted(self, stop: threading.Event, total: int) -> None:
        """Store how many photos there are."""
        if stop is self._stop:
            self.total = total

    def take(self, stop: threading.Event, look: Look) -> None:
        """Store the findings on a photo."""
        if stop is self._stop:
            self.looked.emit(look)

    def _end(self, stop: threading.Event, _: object) -> None:
        if stop is self._stop:
            self._stop = None
            self.ended.emit()

    def _failed(self, stop: threading.Event, error: BaseException) -> None:
        if stop is self._stop:
            self._stop = None
            self._session.tell(error, self.refused.emit)
            self.ended.emit()


def _look_through(
    folder: Path,
    stop: threading.Event,
    surveyor: Surveyor,
    wait: Callable[..., Any],
    post: Callable[[Callable[[], object]], None],
) -> None:
    from engine.photos.photo import Photo
    from training.sources import count, sources
    from training.survey import survey

    def faces(picture: np.ndarray) -> int:
        photo = Photo(picture.astype(np.float32) / 255)
        return len(wait(lambda engine: engine.find_faces(photo, _SMALLEST_FACE), stop))

    post(partial(surveyor.counted, stop, count([folder])))
    for look in survey(sources([folder]), faces):
        if stop.is_set():
            return
        post(partial(surveyor.take, stop, look))
