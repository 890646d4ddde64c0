"""Runs a batch on the workers of a Dask cluster.

The workers read the photos and write the results themselves. The journal stays with the process that runs the batch.
"""

from __future__ import annotations

import queue
import threading
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.batch.plan import Plan
from app.batch.work import TaskOutcome, Work, do, failure_line
from app.dask_workers import DaskWorkers, failure, lacking
from engine.errors import Cancelled
from engine.whole_files import remove_leftovers

if TYPE_CHECKING:
    from distributed import Future

    from engine.engine import Engine

_PATIENCE = 0.2  # seconds between two checks for a cancelled batch

_making = threading.Lock()


class Cluster:
    """The workers behind the scheduler at `address`, as the executor of one batch."""

    def __init__(self, address: str, plan: Plan) -> None:
        self._workers, self._plan = DaskWorkers(address), plan
        self._under_way: dict[Future[TaskOutcome], Work] = {}
        self._ended: queue.SimpleQueue[Future[TaskOutcome]] = queue.SimpleQueue()
        self._folders: set[Path] = set()

    def __enter__(self) -> Cluster:
        folders = [str(folder.resolve()) for folder in (self._plan.folder, self._plan.output)]
        self._workers.open(lacking, folders)
        return self

    def __exit__(self, *_: object) -> None:
        self._workers.close(self._under_way)
        self._under_way.clear()
        if self._workers.lost_worker:  # a killed worker leaves an incomplete file
            for folder in self._folders:
                remove_leftovers(folder)

    @property
    def room(self) -> int:
        """How many photos may be in progress at a time."""
        return self._workers.room

    def begin(self, work: Work) -> None:
        """Submit a photo to the scheduler.

        The worker may overwrite the result: the target was checked before, and a worker that is lost after writing
        must not block its successor.
        """
        asked = work.request
        kernel, mask = _resolved(asked.kernel), _resolved(asked.mask)
        request = replace(asked, photo=work.photo.resolve(), kernel=kernel, mask=mask)
        sent = replace(work, request=request, target=work.target.resolve(), overwrite=True)
        self._folders.add(work.target.parent)
        future = self._workers.submit(do_on_worker, sent)
        self._under_way[future] = work
        future.add_done_callback(self._ended.put)

    def take(self, cancelled: threading.Event) -> tuple[Work, TaskOutcome]:
        """Wait for the next photo that ends; raise UserError if the scheduler is lost."""
        while True:
            if cancelled.is_set():
                raise Cancelled("Cancelled.")
            self._workers.count()
            try:
                future = self._ended.get(timeout=_PATIENCE)
            except queue.Empty:
                continue
            if future.cancelled():
                raise self._workers.gone()
            work = self._under_way.pop(future)
            error = future.exception()
            if error is None:
                return work, future.result()
            return work, TaskOutcome(0.0, failure_line(work.photo, failure(error)))


def do_on_worker(work: Work) -> TaskOutcome:
    """Restore a photo by the one engine of this worker process."""
    with _making:
        engine = _engine()
    return do(work, engine.run)


@cache
def _engine() -> Engine:
    from engine.engine import Engine as RealEngine

    return RealEngine()


def _resolved(path: Path | None) -> Path | None:
    return None if path is None else path.resolve()
