"""Reads the chosen photo of a triage at full size, on a thread, and cuts out what is worth a close look."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from app.language import marked, translated
from app.triage.looking import look_here
from app.triage.triaged import Triaged
from app.window.jobs import Post, Wait
from app.window.session import Session
from app.window.triage.grid_model import Shown
from engine.diagnosis.diagnosis import Diagnosis, Part, Spot
from engine.errors import Cancelled

if TYPE_CHECKING:
    from engine.photos.reduced import Reduced

PAUSE = 120
"""Milliseconds for which a photo must stay chosen before it is read: arrow keys run through many."""
SIDE = 1400
"""px of a cut-out: as much can be seen by dragging."""
_MIDDLE = Spot(Part(0.5, 0.5, 0.5, 0.5), float("nan"))
TITLES = {
    "face": marked("Face"),
    "sharpest face": marked("Sharpest face"),
    "softest face": marked("Softest face"),
    "part": marked("Part with edges"),
    "sharpest part": marked("Sharpest part"),
    "softest part": marked("Softest part"),
    "middle": marked("Middle of the photo"),
}


@dataclass(frozen=True, eq=False)
class CutOut:
    """A part of a photo at 100 %. title: a key of TITLES. sharpness: in [0, 1], NaN: unknown.

    centre: px of the picture that should lie in the middle of the view.
    """

    title: str
    picture: QImage
    centre: tuple[float, float]
    sharpness: float


@dataclass(frozen=True)
class CloseUp:
    """What is seen of a photo. reason: why nothing is. faces_awaited: faces are still looked for."""

    path: Path | None = None
    cut_outs: tuple[CutOut, ...] = ()
    reason: str = ""
    reading: bool = False
    faces_awaited: bool = False


class CloseLook(QObject):
    """Looks closely at one photo at a time, the one that was chosen last.

    changed: a CloseUp. found: a diagnosis with faces, where the triage had looked for none.
    """

    changed = Signal(object)
    found = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._wanted: Shown | None = None
        self._stop: threading.Event | None = None
        self._busy = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._begin)
        session.closing.connect(self.leave)

    def choose(self, shown: Shown) -> None:
        """Look at another photo; what runs for the last one is cancelled."""
        if self._wanted is not None and shown.path == self._wanted.path:
            return
        self.leave()
        self._wanted = shown
        self.changed.emit(CloseUp(shown.path, reading=True))
        self._pause.start()

    def leave(self) -> None:
        """Look at none."""
        self._pause.stop()
        self._wanted = None
        if self._stop is not None:
            self._session.stop(self._stop)
            self._stop = None

    def _begin(self) -> None:
        """Read the photo that is wanted, unless another one is still being decoded, which cannot be interrupted."""
        if self._wanted is None or self._busy:
            return
        self._busy = True
        self._stop = stop = threading.Event()
        work = partial(self._look, self._wanted, stop)
        self._session.in_background(work, lambda _: self._ended(), partial(self._failed, stop))

    def _look(self, shown: Shown, stop: threading.Event, wait: Wait, post: Post) -> None:
        told = shown.found.diagnosis if shown.found is not None else None
        photo = whole(shown.path)
        _check(stop)
        awaited = told is None or told.faces is None
        if told is not None:
            post(partial(self._show, stop, CloseUp(shown.path, cut_outs(photo, told), faces_awaited=awaited)))
        if not awaited:
            return
        found: Triaged = wait(lambda engine: engine.call(look_here, shown.path, True), stop)
        _check(stop)
        if found.diagnosis is not None:
            post(partial(self._show, stop, CloseUp(shown.path, cut_outs(photo, found.diagnosis))))
            post(partial(self._tell, shown, found))
        else:
            post(partial(self._show, stop, CloseUp(shown.path, reason=translated(found.reason))))

    def _show(self, stop: threading.Event, seen: CloseUp) -> None:
        if stop is self._stop:
            self.changed.emit(seen)

    def _tell(self, shown: Shown, found: Triaged) -> None:
        self.found.emit(replace(found, burst=shown.found.burst if shown.found is not None else 0))

    def _failed(self, stop: threading.Event, error: BaseException) -> None:
        if stop is self._stop and self._wanted is not None:
            path = self._wanted.path
            self._session.tell(error, lambda reason: self.changed.emit(CloseUp(path, reason=reason)))
        self._ended()

    def _ended(self) -> None:
        self._busy = False
        if self._stop is None and not self._pause.isActive():
            self._begin()


def whole(path: Path) -> Reduced:
    """Read a photo at full size, in 8 bits; raise PhotoError if that cannot be done."""
    from engine.photos.reading import file_bytes
    from engine.photos.reduced import read_reduced

    return read_reduced(path, file_bytes(path)[0], colour=True, least=sys.maxsize)


def _check(stop: threading.Event) -> None:
    if stop.is_set():
        raise Cancelled


def cut_outs(photo: Reduced, told: Diagnosis) -> tuple[CutOut, ...]:
    """Return the sharpest and the softest face or part of a photo, one if they are the same, or its middle."""
    if told.sharpest is None or told.softest is None:
        return (_cut_out(photo, "middle", _MIDDLE),)
    kind = "face" if told.faces else "part"
    if told.sharpest == told.softest:
        return (_cut_out(photo, kind, told.sharpest),)
    return (
        _cut_out(photo, f"sharpest {kind}", told.sharpest),
        _cut_out(photo, f"softest {kind}", told.softest),
    )


def _cut_out(photo: Reduced, title: str, spot: Spot) -> CutOut:
    from engine.photos.colour import to_srgb8
    from engine.photos.photo import Metadata, Photo

    height, width = photo.samples.shape[:2]
    x = width * (spot.part.left + spot.part.right) / 2
    y = height * (spot.part.top + spot.part.bottom) / 2
    left, top = (max(0, min(round(at - SIDE / 2), side - SIDE)) for at, side in ((x, width), (y, height)))
    part = np.ascontiguousarray(photo.samples[top : top + SIDE, left : left + SIDE])
    shown = Photo(part.astype(np.float32) / 255, metadata=Metadata(icc=photo.icc))
    rgb = part if photo.icc is None else to_srgb8(shown)
    tall, wide = rgb.shape[:2]
    picture = QImage(rgb.tobytes(), wide, tall, 3 * wide, QImage.Format.Format_RGB888).copy()
    return CutOut(title, picture, (x - left, y - top), spot.sharpness)
