"""Looks at photos on the workers of a Dask cluster; this process remembers what they find."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.batch.work import failure_line
from app.dask_workers import DaskWorkers, failure, lacking
from app.triage.cache import Nothing
from app.triage.looking import FaceSearch, Measuring, look
from app.triage.triaged import Triaged
from engine.errors import Cancelled

if TYPE_CHECKING:
    from distributed import Future

_PATIENCE = 0.2  # seconds between two checks for a stop


class ClusterMeasuring:
    """The workers behind the scheduler at `address`, as what measures photos (`app.triage.looking.Measure`).

    folders: all that hold photos. A context manager. Any thread may call it; each waits for its photo.
    """

    def __init__(self, address: str, folders: Sequence[Path], faces: bool) -> None:
        self._workers, self._faces = DaskWorkers(address), faces
        self._folders = sorted({str(folder.resolve()) for folder in folders})

    def __enter__(self) -> ClusterMeasuring:
        from engine.diagnosis.learned import version

        self._workers.open(lack, self._folders, version())
        return self

    def __exit__(self, *_: object) -> None:
        self._workers.close()

    @property
    def room(self) -> int:
        """How many photos may be looked at at a time."""
        return self._workers.room

    def __call__(self, path: Path, data: bytes, check: Callable[[], None]) -> Triaged:
        """Let a worker diagnose a photo.

        Raise what check raises, SchedulerLostError if the scheduler is gone, and WeightsError if a worker misses what
        was learned.
        """
        del data  # the worker reads the file itself
        future = self._workers.submit(look_on_worker, path.resolve(), self._faces)
        try:
            return self._awaited(path, future, check)
        except Cancelled:
            future.cancel(reason="the triage was stopped")
            raise

    def _awaited(self, path: Path, future: Future[Triaged], check: Callable[[], None]) -> Triaged:
        while True:
            check()
            self._workers.count()
            try:
                error = future.exception(timeout=_PATIENCE)
            except TimeoutError:
                continue
            if future.cancelled():
                raise self._workers.gone()
            if error is not None:
                return Triaged(path, reason=failure_line(path, failure(error)))
            found = future.result()  # it names the path as the worker was told it
            return replace(found, path=path, reason=found.reason.replace(str(path.resolve()), str(path)))


def lack(folders: Sequence[str], wanted: str) -> str:
    """Return what the worker that runs this lacks, or "". wanted: version of what was learned."""
    from engine.diagnosis.learned import version

    other = "" if version() == wanted else "its diagnosis is another one: install the same version of Acutance there"
    return lacking(folders) or other


def look_on_worker(path: Path, faces: bool) -> Triaged:
    """Diagnose a photo in this worker process; the process that asks remembers the answer."""
    return look(path, Nothing(), faces, Measuring(_search() if faces else None))


@cache
def _search() -> FaceSearch:
    return FaceSearch()
