"""Runs a batch on the workers of a Dask cluster (the extra `acutance[cluster]`).

The scheduler gets paths, not contents: the workers read the photos and write the results themselves. So they need
Acutance, and both folders under the same paths, as on a shared file system. The journal stays with the process that
runs the batch. Dask gives the photo of a lost worker to another one.
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
from engine.errors import Cancelled, UserError
from engine.whole_files import remove_leftovers

if TYPE_CHECKING:
    from distributed import Client, Future

    from engine.engine import Engine

_PATIENCE = 0.2  # seconds between two checks for a cancelled batch
_ANSWER = 10  # seconds for the scheduler to answer
_AHEAD = 2  # photos in progress per thread of the workers, so that none waits for the next

_making = threading.Lock()


class Cluster:
    """The workers behind the scheduler at `address`, as the executor of one batch."""

    def __init__(self, address: str, plan: Plan) -> None:
        self._address, self._plan = address, plan
        self._client: Client | None = None
        self._under_way: dict[Future[TaskOutcome], Work] = {}
        self._ended: queue.SimpleQueue[Future[TaskOutcome]] = queue.SimpleQueue()
        self._folders: set[Path] = set()
        self._workers: set[str] = set()
        self._lost_worker = False
        self.room = 1

    def __enter__(self) -> Cluster:
        self._client = _connected(self._address)
        try:
            folders = [str(folder.resolve()) for folder in (self._plan.folder, self._plan.output)]
            for worker, lack in self._client.run(lacking, folders, on_error="return").items():
                if lack:
                    raise UserError("The worker {worker} cannot help: {lack}.", worker=worker, lack=lack)
            self._look()
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        client = self._open
        client.cancel(list(self._under_way), reason="the batch has ended")
        self._under_way.clear()
        client.close()
        if self._lost_worker:  # a killed worker leaves an incomplete file
            for folder in self._folders:
                remove_leftovers(folder)

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
        future = self._open.submit(do_on_worker, sent, pure=False)
        self._under_way[future] = work
        future.add_done_callback(self._ended.put)

    def take(self, cancelled: threading.Event) -> tuple[Work, TaskOutcome]:
        """Wait for the next photo that ends; raise UserError if the scheduler is lost."""
        while True:
            if cancelled.is_set():
                raise Cancelled("Cancelled.")
            self._look()
            try:
                future = self._ended.get(timeout=_PATIENCE)
            except queue.Empty:
                continue
            if future.cancelled():
                raise self._gone()
            work = self._under_way.pop(future)
            error = future.exception()
            if error is None:
                return work, future.result()
            return work, TaskOutcome(0.0, failure_line(work.photo, _reason(error)))

    def _look(self) -> None:
        """Make room for one photo for every thread of the current workers."""
        try:
            workers = self._open.scheduler_info()["workers"]
        except OSError as error:
            raise self._gone() from error
        self._lost_worker = self._lost_worker or not self._workers <= set(workers)
        self._workers = set(workers)
        self.room = _AHEAD * max(1, sum(worker["nthreads"] for worker in workers.values()))

    def _gone(self) -> UserError:
        return UserError(
            "The scheduler at {address} was lost. Start the batch again; it continues where it was.",
            address=self._address,
        )

    @property
    def _open(self) -> Client:
        assert self._client is not None
        return self._client


def lacking(folders: list[str]) -> str:
    """Return what is missing on the worker that runs this, or ""."""
    missing = [folder for folder in folders if not Path(folder).is_dir()]
    return f"it has no folder {missing[0]}, which the workers must see under the same path" if missing else ""


def do_on_worker(work: Work) -> TaskOutcome:
    """Restore a photo by the one engine of this worker process."""
    with _making:
        engine = _engine()
    return do(work, engine.run)


@cache
def _engine() -> Engine:
    from engine.engine import Engine as RealEngine

    return RealEngine()


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise UserError("A cluster needs Dask: pip install 'acutance[cluster]'.") from error
    try:
        return Client(address, timeout=_ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UserError("No Dask scheduler answers at {address}.", address=address) from error


def _reason(error: BaseException) -> str:
    from distributed.scheduler import KilledWorker

    if isinstance(error, KilledWorker):
        return "every worker that tried it was lost, perhaps for want of memory"
    return f"the worker could not do it ({type(error).__name__}: {error})"


def _resolved(path: Path | None) -> Path | None:
    return None if path is None else path.resolve()
