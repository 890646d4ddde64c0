"""The engine: one thread that owns the device and all loaded networks, and runs jobs in their order.

The first job imports torch in that thread, which takes seconds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from engine.errors import Cancelled, UserError
from engine.importing import without_collections
from engine.job import Job
from engine.orders import CompareIdentities, FindFaces, FindKernel, Order, Rehearse, Restore, SuggestAreas
from engine.photos.photo import Photo
from engine.protocol import AnyEngine
from engine.rehearsed import note_done
from engine.request import Request
from engine.restoration.watch import OnProgress, OnTile, Watch
from engine.result import Result

if TYPE_CHECKING:
    import numpy as np

    from engine.restoration.restorer import Restorer

logger = logging.getLogger(__name__)

PATIENCE = 0.5  # seconds between two checks for Ctrl-C

T = TypeVar("T")


class Engine(AnyEngine):
    """Restores photos. Use it as a context manager, or call `close`."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine")
        self._beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside the engine")
        self._jobs: dict[Future[Any], Job[Any]] = {}
        self._restorer: Restorer | None = None
        self._imported = False
        self._rehearsing: Job[Any] | None = None

    def ask(
        self,
        order: Order[T],
        on_progress: OnProgress | None = None,
        on_tile: OnTile | None = None,
        into: np.ndarray | None = None,
    ) -> Job[T]:
        """Queue an order; into: H x W x 3 float32 memory of the photo's size in which a result may be made."""
        if self._rehearsing is not None:
            self._rehearsing.cancel()
        if not self._imported:
            self._imported = True
            self._pool.submit(_import)
        watch = Watch(on_progress, on_tile, into=into)
        future = self._pool.submit(self._answer, order, watch)
        job = self._jobs[future] = Job(future, watch.cancelled.set)
        future.add_done_callback(lambda done: self._jobs.pop(done, None))
        self._rehearsing = job if isinstance(order, Rehearse) else None
        return job

    def call(self, function: Callable[..., T], *arguments: Any) -> Job[T]:
        """Call a function on another thread, outside the queue of jobs; once it runs, it cannot be cancelled."""
        return Job(self._beside.submit(function, *arguments), lambda: None)

    def run(
        self,
        request: Request,
        photo: Photo,
        *,
        on_progress: OnProgress | None = None,
        on_tile: OnTile | None = None,
    ) -> Result:
        """Restore a photo and wait for it."""
        return self.wait(self.submit(request, photo, on_progress=on_progress, on_tile=on_tile))

    def wait(self, job: Job[T]) -> T:
        """Wait for a job, so that Ctrl-C is heard; cancel it if the wait is broken off."""
        try:
            while not job.done():  # on Windows, nothing interrupts an endless wait
                with suppress(TimeoutError):
                    job.result(PATIENCE)
            return job.result()
        except BaseException:
            job.cancel()
            raise

    def close(self, wait: bool = True) -> None:
        """Cancel all queued and running jobs, and wait for the threads to end."""
        for job in list(self._jobs.values()):
            job.cancel()
        for pool in (self._pool, self._beside):
            pool.shutdown(wait=wait, cancel_futures=True)

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(wait=kind is not KeyboardInterrupt)

    def _answer(self, order: Order[Any], watch: Watch) -> Any:
        """Do an order; log the traceback of an unexpected error."""
        try:
            return self._done(order, watch)
        except (Cancelled, UserError):
            raise
        except Exception:
            logger.exception("a job failed")
            raise

    def _done(self, order: Order[Any], watch: Watch) -> Any:
        from engine.restoration.restorer import Restorer

        self._restorer = restorer = self._restorer or Restorer()
        match order:
            case Restore(photo, request):
                return restorer.run(request, photo, watch)
            case FindFaces(photo, smallest):
                return restorer.find_faces(photo, smallest, watch)
            case FindKernel(photo, box):
                return restorer.find_kernel(photo, box, watch)
            case SuggestAreas(photo, count, taken):
                return restorer.suggest_areas(photo, count, taken, watch)
            case CompareIdentities(before, after, faces):
                return restorer.compare_identities(before, after, faces)
            case Rehearse(request):
                restorer.rehearse(request, watch)
                note_done(request)
                return None
        raise TypeError(order)


def _import() -> None:
    """Import the restorer and torch; if that fails, the first job reports it.

    This must happen before the first job, not during it. Some libraries keep an error that they met during their
    import, with all its frames; these would keep the job's photo and result in memory for good.
    """
    with without_collections():
        import engine.restoration.restorer  # noqa: F401
