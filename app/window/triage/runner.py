"""Looks at the photos of a folder in the engine's process, one after another, and keeps the grid up to date."""

from __future__ import annotations

import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from app.batch.photos import photos_in
from app.triage.cache import Cache
from app.triage.cluster import ClusterMeasuring
from app.triage.looking import look, look_here
from app.triage.run import Triage
from app.triage.triaged import Triaged
from app.window.jobs import Post, Wait
from app.window.photos.thumbnails import thumbnail
from app.window.session import Session
from app.window.triage.cell import PICTURE
from app.window.triage.grid_model import TriageModel
from app.window.triage.known import KnownBlur

if TYPE_CHECKING:
    from collections.abc import Callable

TOGETHER = 50
"""Milliseconds in which photos that were looked at are told together: what is remembered comes by the hundreds."""
LEAST_SECONDS = 2.0  # until the remaining time is estimated


class TriageRunner(QObject):
    """Looks at one folder at a time, in a session.

    changed: photos, counts or state. ended: all are done, or it was stopped. refused: a sentence for the user.
    """

    changed = Signal()
    ended = Signal()
    refused = Signal(str)

    def __init__(self, session: Session, blur: KnownBlur) -> None:
        super().__init__(session)
        self._blur = blur
        self.model = TriageModel(self)
        self.folder: Path | None = None
        self.session = session
        self._stop: threading.Event | None = None
        self._began = 0.0
        self._asked: list[Path] = []
        self._drawing = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(TOGETHER)
        self._soon.timeout.connect(self.changed)
        session.closing.connect(self._soon.stop)
        self.model.picture_wanted.connect(self._want_picture)

    @property
    def running(self) -> bool:
        """Whether photos are looked at."""
        return self._stop is not None

    def start(self, folder: Path, recursive: bool, faces: bool, scheduler: str = "") -> None:
        """Look at the photos of a folder; what is known from before comes at once.

        scheduler: address of a Dask scheduler whose workers look at them, "" for this computer.
        """
        self.cancel()
        self.folder, self._stop, self._began = folder, threading.Event(), time.monotonic()
        stop = self._stop
        self._asked.clear()
        self.model.fill([])
        work = partial(self._run, stop, folder, recursive, faces, scheduler)
        self.session.in_background(work, lambda _: self._end(stop), partial(self._failed, stop))
        self.changed.emit()

    def cancel(self) -> None:
        """Stop; what was found stays, and is remembered."""
        if self._stop is not None:
            self.session.stop(self._stop)

    def seconds_left(self) -> float | None:
        """Estimate the remaining seconds; None as long as nobody can tell."""
        done, spent = self.model.looked_at(), time.monotonic() - self._began
        if not self.running or not done or spent < LEAST_SECONDS:
            return None
        return spent / done * (len(self.model.photos) - done)

    def _run(
        self,
        stop: threading.Event,
        folder: Path,
        recursive: bool,
        faces: bool,
        scheduler: str,
        wait: Wait,
        post: Post,
    ) -> None:
        paths = photos_in(folder, recursive)
        post(partial(self._listed, stop, paths))

        def ended(found: Triaged) -> None:
            post(partial(self._found, stop, found))

        if scheduler and paths:
            memory = Cache()
            with ClusterMeasuring(scheduler, [path.parent for path in paths], faces) as cluster:
                Triage(partial(_look_afar, memory, faces, cluster), cluster.room, stop, ended).run(paths)
            return

        def look_nearby(path: Path, check: Callable[[], None]) -> Triaged:
            check()
            found: Triaged = wait(lambda engine: engine.call(look_here, path, faces), stop)
            return found

        Triage(look_nearby, 1, stop, ended).run(paths)

    def _listed(self, stop: threading.Event, paths: list[Path]) -> None:
        if stop is self._stop:
            self.model.fill(paths)
            self.changed.emit()

    def _found(self, stop: threading.Event, found: Triaged) -> None:
        if stop is self._stop:
            self.show_found(found)

    def show_found(self, found: Triaged) -> None:
        """Show the diagnosis of a photo, here and wherever else its badge is."""
        self.model.show_found(found)
        self._blur.put(found)
        if not self._soon.isActive():
            self._soon.start()

    def _failed(self, stop: threading.Event, error: BaseException) -> None:
        self.session.tell(error, self.refused.emit)
        self._end(stop)

    def _end(self, stop: threading.Event) -> None:
        if stop is self._stop:
            self._stop = None
            self.model.put_bursts_together()
            self.changed.emit()
            self.ended.emit()

    # small pictures: the one that was wanted last comes first, since its cell is visible

    def _want_picture(self, path: Path) -> None:
        self._asked.append(path)
        self._draw_next()

    def _draw_next(self) -> None:
        if self._drawing or not self._asked:
            return
        self._drawing = True
        path = self._asked.pop()
        self.session.in_background(lambda *_: _small(path), partial(self._drawn, path), partial(self._drawn, path))

    def _drawn(self, path: Path, picture: QImage | BaseException) -> None:
        self._drawing = False
        if isinstance(picture, QImage):
            self.model.show_picture(path, picture)
        self._draw_next()


def _look_afar(
    memory: Cache, faces: bool, cluster: ClusterMeasuring, path: Path, check: Callable[[], None]
) -> Triaged:
    return look(path, memory, faces, cluster, check)


def _small(path: Path) -> QImage:
    """Return a picture for a cell, for screens at 100 and 200 %."""
    room = QSize(2 * PICTURE.width(), 2 * PICTURE.height())
    picture = thumbnail(path)
    if picture.width() <= room.width() and picture.height() <= room.height():
        return picture
    return picture.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
