"""The workers of a Dask cluster (the extra `acutance[cluster]`), for a batch and for a triage.

The scheduler gets paths, not contents: the workers read the photos themselves. So they need Acutance, and the folders
under the same paths, as on a shared file system. Dask gives the task of a lost worker to another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import UserError

if TYPE_CHECKING:
    from distributed import Client, Future

_ANSWER = 10  # seconds for the scheduler to answer
_AHEAD = 2  # tasks in progress per thread of the workers, so that none waits for the next


class SchedulerLostError(UserError):
    """The scheduler is gone, so that no task will end."""


class DaskWorkers:
    """The workers behind the scheduler at `address`.

    room: how many tasks may be in progress at a time. lost_worker: a worker was lost since `open`.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.room = 1
        self.lost_worker = False
        self._client: Client | None = None
        self._workers: set[str] = set()

    def open(self, lack: Callable[..., str], *arguments: object) -> None:
        """Connect, and call `lack` on every worker.

        lack: returns what the worker lacks, or "". Raise UserError if that is anything, or if nobody answers.
        """
        self._client = _connected(self.address)
        try:
            for worker, found in self._client.run(lack, *arguments, on_error="return").items():
                if found:
                    raise UserError("The worker {worker} cannot help: {lack}.", worker=worker, lack=found)
            self.count()
        except BaseException:
            self._client.close()
            raise

    def close(self, left: Iterable[Future[Any]] = ()) -> None:
        """Cancel the tasks that are left, and disconnect."""
        self._open.cancel(list(left), reason="this process needs no more")
        self._open.close()

    def submit(self, function: Callable[..., Any], *arguments: object) -> Future[Any]:
        """Give the workers a task."""
        return self._open.submit(function, *arguments, pure=False)

    def count(self) -> None:
        """Make room for tasks for every thread of the current workers; raise SchedulerLostError if it is gone."""
        try:
            workers = self._open.scheduler_info()["workers"]
        except OSError as error:
            raise self.gone() from error
        self.lost_worker = self.lost_worker or not self._workers <= set(workers)
        self._workers = set(workers)
        self.room = _AHEAD * max(1, sum(worker["nthreads"] for worker in workers.values()))

    def gone(self) -> SchedulerLostError:
        """Return the error to raise when the scheduler is lost."""
        return SchedulerLostError(
            "The scheduler at {address} was lost. Start again; it continues where it was.", address=self.address
        )

    @property
    def _open(self) -> Client:
        assert self._client is not None
        return self._client


def lacking(folders: Sequence[str]) -> str:
    """Return what is missing on the worker that runs this, or ""."""
    missing = [folder for folder in folders if not Path(folder).is_dir()]
    return f"it has no folder {missing[0]}, which the workers must see under the same path" if missing else ""


def failure(error: BaseException) -> str:
    """Return why a task failed that its worker could not end, for a sentence."""
    from distributed.scheduler import KilledWorker

    if isinstance(error, KilledWorker):
        return "every worker that tried it was lost, perhaps for want of memory"
    return f"the worker could not do it ({type(error).__name__}: {error})"


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise UserError("A cluster needs Dask: pip install 'acutance[cluster]'.") from error
    try:
        return Client(address, timeout=_ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UserError("No Dask scheduler answers at {address}.", address=address) from error
