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
from app.dask_workers import SchedulerLostError
from app.triage.cache import Cache, key_of
from app.triage.triaged import Triaged
from engine.errors import Cancelled, UserError
from engine.weights import WeightsError

if TYPE_CHECKING:
    from engine.faces.face import Face
    from engine.photos.reduced import Reduced

_log = logging.getLogger(__name__)
SMALLEST = 40  # px of a face in the photo itself
Check = Callable[[], None]
Measure = Callable[[Path, bytes, Check], Triaged]
"""Diagnoses a photo whose file has that content; the check is called several times a second, and may raise."""


class FaceSearch:
    """Finds the faces of reduced photos, one photo at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._find: Callable[[Reduced, int], Sequence[Face]] | None = None

    def __call__(self, photo: Reduced) -> Sequence[Face]:
        """Return the faces; the first call loads the network."""
        with self._lock:
            if self._find is None:
                from engine.faces.detection import FaceFinder

                finder = FaceFinder()
                self._find = lambda photo, smallest: finder.find(photo.samples, smallest)
            return self._find(photo, max(20, round(SMALLEST / photo.scale)))


class Measuring:
    """Diagnoses photos in this process. faces: None to leave them out."""

    def __init__(self, faces: FaceSearch | None = None) -> None:
        self._faces = faces

    def __call__(self, path: Path, data: bytes, check: Check) -> Triaged:
        """Diagnose a photo; raise UserError if it cannot be read, and WeightsError if what was learned is missing."""
        from engine.diagnosis.diagnosing import diagnosed
        from engine.photos.reduced import read_reduced

        photo = read_reduced(path, data, colour=self._faces is not None)
        diagnosis = diagnosed(photo, None if self._faces is None else self._faces(photo), check)
        return Triaged(path, diagnosis, "", photo.size, photo.shot.taken, photo.shot.camera, photo.notes)


def look(path: Path, memory: Cache, faces: bool, measure: Measure, check: Check = lambda: None) -> Triaged:
    """Return what is remembered of a photo, or measure it; what cannot be read is told in `reason`.

    faces: whether `measure` looks for them. check is called several times a second, and may raise Cancelled. Raise
    WeightsError if what was learned is missing.
    """
    start = time.monotonic()
    try:
        found = _looked_at(path, memory, faces, measure, check)
    except (Cancelled, SchedulerLostError, WeightsError):  # no fault of the photo
        raise
    except UserError as error:
        found = Triaged(path, reason=failure_line(path, error))
    except Exception as error:  # noqa: BLE001 - the photo's end, not the others'
        found = Triaged(path, reason=unexpected_line(path, error))
    return replace(found, seconds=round(time.monotonic() - start, 3))


def look_here(path: Path, faces: bool) -> Triaged:
    """Diagnose a photo with what this process remembers; the window's engine process runs this."""
    memory, with_faces, without = _shared()
    return look(path, memory, faces, with_faces if faces else without)


@cache
def _shared() -> tuple[Cache, Measuring, Measuring]:
    return Cache(), Measuring(FaceSearch()), Measuring()


def remembered(path: Path, memory: Cache) -> Triaged | None:
    """Return what is remembered of a photo, with its faces if possible; None if nobody looked at it.

    It measures nothing, and needs no heavy library. Raise PhotoError if the file cannot be read.
    """
    from engine.diagnosis.learned import version
    from engine.photos.reading import file_bytes

    data, _ = file_bytes(path)
    for faces in (True, False):
        found = _known(path, memory, key_of(data, version(), faces))
        if found is not None:
            return found
    return None


def _looked_at(path: Path, memory: Cache, faces: bool, measure: Measure, check: Check) -> Triaged:
    from engine.diagnosis.learned import version
    from engine.photos.reading import file_bytes

    check()
    data, _ = file_bytes(path)
    key = key_of(data, version(), faces)
    if (known := _known(path, memory, key)) is not None:
        return known
    found = measure(path, data, check)
    if found.diagnosis is not None:
        memory.add(key, found.plain())
    return found


def _known(path: Path, memory: Cache, key: str) -> Triaged | None:
    plain = memory.get(key)
    if plain is None:
        return None
    try:
        return Triaged.of(path, plain)
    except (KeyError, TypeError, ValueError) as error:
        _log.info("what is remembered of %s is of no use: %s", path, error)
        return None
