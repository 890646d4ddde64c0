"""Diagnoses many photos on several threads; a broken one is told, and the others go on."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
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
FindFaces = Callable[["Reduced"], "Sequence[Face]"]


def processors() -> int:
    """Return how many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class LocalFaces:
    """Finds the faces of reduced photos, one photo at a time. smallest: px of a face in the photo itself."""

    def __init__(self, smallest: int = 40) -> None:
        self._smallest, self._lock = smallest, threading.Lock()
        self._finder: object | None = None

    def __call__(self, photo: Reduced) -> Sequence[Face]:
        """Return the faces; the first call loads the network."""
        from engine.faces.detection import FaceFinder

        with self._lock:
            if not isinstance(self._finder, FaceFinder):
                self._finder = FaceFinder()
            return self._finder.find(photo.samples, max(20, round(self._smallest / photo.scale)))


@dataclass(frozen=True)
class Triage:
    """One pass over photos. faces: finds faces, None to leave them out. workers: photos at a time.

    ended: told of each photo as soon as it is done, on the thread of `run`.
    """

    cache: Cache
    faces: FindFaces | None = None
    workers: int = field(default_factory=processors)
    cancelled: threading.Event = field(default_factory=threading.Event)
    ended: Callable[[Triaged], object] = lambda _: None

    def run(self, paths: Sequence[Path]) -> list[Triaged]:
        """Diagnose the photos; return one answer for each, in order.

        Raise Cancelled if `cancelled` was set, WeightsError if what was learned is missing. What was done by then is
        remembered.
        """
        from engine.diagnosis.judging import judge, version

        judge()  # its absence is told once, not for each photo
        weights = version()
        found: dict[Path, Triaged] = {}
        with ThreadPoolExecutor(self.workers, thread_name_prefix="acutance-triage") as pool:
            try:
                for one in self._each(pool, paths, weights):
                    found[one.path] = one
                    self.ended(one)
            except BaseException:
                self.cancelled.set()
                pool.shutdown(cancel_futures=True)
                raise
        return [found[path] for path in paths]

    def _each(self, pool: ThreadPoolExecutor, paths: Sequence[Path], weights: str) -> Iterator[Triaged]:
        """Yield the answers as they come; few photos are in memory at a time."""
        left = iter(dict.fromkeys(paths))
        waiting: set[Future[Triaged]] = set()
        while True:
            while len(waiting) < 2 * self.workers and (path := next(left, None)) is not None:
                waiting.add(pool.submit(self._one, path, weights))
            if not waiting:
                return
            done, waiting = wait(waiting, 0.2, FIRST_COMPLETED)
            self._check()
            for future in done:
                yield future.result()

    def _check(self) -> None:
        if self.cancelled.is_set():
            raise Cancelled("Cancelled.")

    def _one(self, path: Path, weights: str) -> Triaged:
        self._check()
        start = time.monotonic()
        try:
            found = self._looked_at(path, weights)
        except Cancelled:
            raise
        except UserError as error:
            found = Triaged(path, reason=failure_line(path, error))
        except Exception as error:  # noqa: BLE001 - the photo's end, not the others'
            found = Triaged(path, reason=unexpected_line(path, error))
        return replace(found, seconds=round(time.monotonic() - start, 3))

    def _looked_at(self, path: Path, weights: str) -> Triaged:
        from engine.diagnosis.diagnosing import diagnosed
        from engine.photos.reading import file_bytes
        from engine.photos.reduced import read_reduced

        data, _ = file_bytes(path)
        key = key_of(data, weights, self.faces is not None)
        if (plain := self.cache.get(key)) is not None:
            try:
                return Triaged.of(path, plain)
            except (KeyError, TypeError, ValueError) as error:
                _log.info("what is remembered of %s is of no use: %s", path, error)
        photo = read_reduced(path, data, colour=self.faces is not None)
        del data
        faces = None if self.faces is None else self.faces(photo)
        diagnosis = diagnosed(photo, faces, self._check)
        shot = photo.shot
        found = Triaged(path, diagnosis, "", photo.size, shot.taken, shot.camera, photo.notes)
        self.cache.add(key, found.plain())
        return found
