"""The engine: one thread that owns the device and all loaded networks, and runs jobs in their order.

The first job imports torch in that thread, which takes seconds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from engine.areas.area import Areas
from engine.errors import Cancelled, UserError
from engine.faces.face import Box, Face
from engine.importing import without_collections
from engine.kernels.kernel import Kernel
from engine.photos.photo import Photo
from engine.request import Request
from engine.restoration.watch import OnProgress, OnTile, Watch
from engine.result import Result

if TYPE_CHECKING:
    import numpy as np

    from engine.restoration.restorer import Restorer

logger = logging.getLogger(__name__)

PATIENCE = 0.5  # seconds between two checks for Ctrl-C

State = Literal["queued", "running", "done", "failed", "cancelled"]
T = TypeVar("T")


class Job(Generic[T]):
    """A job that is queued, running or done."""

    def __init__(self, future: Future[T], cancel: Callable[[], object]) -> None:
        self._future = future
        self._cancel = cancel

    def cancel(self) -> None:
        """Ask the job to end; a running job ends before its next tile."""
        self._cancel()
        self._future.cancel()

    def done(self) -> bool:
        """Whether the job has ended, successfully or not."""
        return self._future.done()

    def result(self, timeout: float | None = None) -> T:
        """Wait for the result, at most `timeout` seconds (TimeoutError).

        Raise Cancelled, a UserError for a problem that the user can solve, or any other error of the job.
        """
        try:
            return self._future.result(timeout)
        except CancelledError:
            raise Cancelled("Cancelled.") from None

    def when_done(self, call: Callable[[Job[T]], None]) -> None:
        """Call `call` with this job when it has ended, on the engine's thread (at once if it has ended already)."""
        cancel = self._cancel  # not `self`: result and job would keep each other in memory
        self._future.add_done_callback(lambda future: call(Job(future, cancel)))

    @property
    def state(self) -> State:
        """The state of the job."""
        if self._future.cancelled():
            return "cancelled"
        if not self._future.done():
            return "running" if self._future.running() else "queued"
        error = self._future.exception()
        if isinstance(error, Cancelled):
            return "cancelled"
        return "done" if error is None else "failed"


class Engine:
    """Restores photos. Use it as a context manager, or call `close`."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine")
        self._beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside the engine")
        self._jobs: dict[Future[Any], Job[Any]] = {}
        self._loaded: Restorer | None = None
        self._imported = False
        self._rehearsing: Job[None] | None = None

    def submit(
        self,
        request: Request,
        photo: Photo,
        *,
        on_progress: OnProgress | None = None,
        on_tile: OnTile | None = None,
        into: np.ndarray | None = None,
    ) -> Job[Result]:
        """Queue the restoration of a photo.

        on_progress(share in [0, 1], step) and on_tile((left, top, right, bottom), h x w x 3 pixels) are called on the
        engine's thread. The pixels are valid only until on_tile returns. into: H x W x 3 float32 memory of the
        photo's size in which the result may be made, to save a copy.
        """
        watch = Watch(on_progress, on_tile, into=into)
        return self._queued(watch, lambda: self._restorer().run(request, photo, watch))

    def find_faces(
        self, photo: Photo, smallest: int = 40, *, on_progress: OnProgress | None = None
    ) -> Job[list[Face]]:
        """Queue a search for the faces of at least `smallest` px, the largest first."""
        watch = Watch(on_progress)
        return self._queued(watch, lambda: self._restorer().find_faces(photo, smallest, watch))

    def find_kernel(self, photo: Photo, box: Box, *, on_progress: OnProgress | None = None) -> Job[Kernel | None]:
        """Queue a search for the kernel of a box in px; it is None where the box holds no edges."""
        watch = Watch(on_progress)
        return self._queued(watch, lambda: self._restorer().find_kernel(photo, box, watch))

    def suggest_areas(
        self, photo: Photo, count: int, taken: tuple[Box, ...] = (), *, on_progress: OnProgress | None = None
    ) -> Job[Areas]:
        """Queue a search for up to `count` areas that tell most about the blur and differ, beside boxes `taken`."""
        watch = Watch(on_progress)
        return self._queued(watch, lambda: self._restorer().suggest_areas(photo, count, taken, watch))

    def compare_identities(self, before: np.ndarray, after: np.ndarray, faces: Sequence[Face]) -> Job[list[float]]:
        """Queue a comparison of each face in one photo with the same place in another photo of the same size.

        The result is cosines in [-1, 1]. The job fails with a WeightsError if the face embedding is not installed.
        """
        return self._queued(Watch(), lambda: self._restorer().compare_identities(before, after, faces))

    def call(self, function: Callable[..., T], *arguments: Any) -> Job[T]:
        """Call a function on another thread, outside the queue of jobs; once it runs, it cannot be cancelled."""
        return Job(self._beside.submit(function, *arguments), lambda: None)

    def rehearse(self, request: Request, *, on_progress: OnProgress | None = None) -> Job[None]:
        """Queue the measurement of this machine for such requests. Any other job cancels it, and goes first."""
        from engine.rehearsed import note_done

        def work() -> None:
            self._restorer().rehearse(request, watch)
            note_done(request)

        watch = Watch(on_progress)
        job = self._queued(watch, work)
        self._rehearsing = job
        return job

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

    def _restorer(self) -> Restorer:
        if self._loaded is None:
            from engine.restoration.restorer import Restorer

            self._loaded = Restorer()
        return self._loaded

    def _queued(self, watch: Watch, work: Callable[[], T]) -> Job[T]:
        if self._rehearsing is not None:
            self._rehearsing.cancel()
            self._rehearsing = None
        if not self._imported:
            self._imported = True
            self._pool.submit(_import)
        future = self._pool.submit(_logged, work)
        job = self._jobs[future] = Job(future, watch.cancelled.set)
        future.add_done_callback(lambda done: self._jobs.pop(done, None))
        return job


def _import() -> None:
    """Import the restorer and torch; if that fails, the first job reports it.

    This must happen before the first job, not during it. Some libraries keep an error that they met during their
    import, with all its frames; these would keep the job's photo and result in memory for good.
    """
    with without_collections():
        import engine.restoration.restorer  # noqa: F401


def _logged(work: Callable[[], T]) -> T:
    """Run a job; log the traceback of an unexpected error."""
    try:
        return work()
    except (Cancelled, UserError):
        raise
    except Exception:
        logger.exception("a job failed")
        raise
