"""Diagnoses one photo file, from its content or from what is remembered of it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.batch.work import failure_line, unexpected_line
from app.triage.cache import Cache, key_of
from app.triage.triaged import Triaged
from engine.errors import Cancelled, UserError

if TYPE_CHECKING:
    from engine.faces.face import Face
    from engine.photos.reduced import Reduced

_log = logging.getLogger(__name__)
Check = Callable[[], None]


class FaceSearch:
    """Finds the faces of reduced photos, one photo at a time. smallest: px of a face in the photo itself."""

    def __init__(self, smallest: int = 40) -> None:
        self._smallest, self._lock = smallest, threading.Lock()
        self._find: Callable[[Reduced, int], Sequence[Face]] | None = None

    def __call__(self, photo: Reduced) -> Sequence[Face]:
        """Return the faces; the first call loads the network."""
        with self._lock:
            if self._find is None:
                from engine.faces.detection import FaceFinder

                finder = FaceFinder()
                self._find = lambda photo, smallest: finder.find(photo.samples, smallest)
            return self._find(photo, max(20, round(self._smallest / photo.scale)))


def look(path: Path, memory: Cache, faces: FaceSearch | None = None, check: Check = lambda: None) -> Triaged:
    """Diagnose a photo; what cannot be read is told in `reason`.

    faces: None to leave them out. check is called several times a second, and may raise Cancelled. Raise WeightsError
    if what was learned is missing.
    """
    from engine.diagnosis.judging import judge, version

    judge()  # its absence is no fault of the photo
    start = time.monotonic()
    try:
        found = _looked_at(path, version(), memory, faces, check)
    except Cancelled:
        raise
    except UserError as error:
        found = Triaged(path, reason=failure_line(path, error))
    except Exception as error:  # noqa: BLE001 - the photo's end, not the others'
        found = Triaged(path, reason=unexpected_line(path, error))
    return replace(found, seconds=round(time.monotonic() - start, 3))


def look_here(path: Path, faces: bool) -> Triaged:
    """Diagnose a photo with what this process remembers; the window's engine process runs this."""
    memory, search = _shared()
    return look(path, memory, search if faces else None)


@cache
def _shared() -> tuple[Cache, FaceSearch]:
    return Cache(), FaceSearch()


def _looked_at(path: Path, weights: str, memory: Cache, faces: FaceSearch | None, check: Check) -> Triaged:
    from engine.diagnosis.diagnosing import diagnosed
    from engine.photos.reading import file_bytes
    from engine.photos.reduced import read_reduced

    check()
    data, _ = file_bytes(path)
    key = key_of(data, weights, faces is not None)
    if (plain := memory.get(key)) is not None:
        try:
            return Triaged.of(path, plain)
        except (KeyError, TypeError, ValueError) as error:
            _log.info("what is remembered of %s is of no use: %s", path, error)
    photo = read_reduced(path, data, colour=faces is not None)
    del data
    diagnosis = diagnosed(photo, None if faces is None else faces(photo), check)
    found = Triaged(path, diagnosis, "", photo.size, photo.shot.taken, photo.shot.camera, photo.notes)
    memory.add(key, found.plain())
    return found
