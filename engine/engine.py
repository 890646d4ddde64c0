"""The engine: one thread that owns the device and what is loaded, and does jobs in the order they came.

The import of torch, which takes seconds, happens in that thread with the first job.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from engine.errors import Cancelled, UserError
from engine.faces.face import Face
from engine.importing import without_collections
from engine.photos.photo import Photo
from engine.request import Request
from engine.restoration.watch import OnProgress, OnTile, Watch
from engine.result import Result

if TYPE_CHECKING:
    import numpy as np

    from engine.restoration.restorer import Restorer

logger = logging.getLogger(__name__)

PATIENCE = 0.5  # seconds between two looks for Ctrl-C

State = Literal["queued", "running", "done", "failed", "cancelled"]
T = TypeVar("T")


class Job(Generic[T]):
    """Something that the engine does or will do."""

    def __init__(self, future: Future[T], cancel: Callable[[], object]) -> None:
        self._future = future
        self._cancel = cancel

    def cancel(self) -> None:
        """Ask the job to end; a running one does so before its next tile."""
        self._cancel()
        self._future.cancel()

    def done(self) -> bool:
        """Whether the job has ended, well or not."""
        return self._future.done()

    def result(self, timeout: float | None = None) -> T:
        """Wait for the result, at most `timeout` seconds (TimeoutError).

        Raises Cancelled, a UserError for what the user can mend, or whatever else went wrong.
        """
        try:
            return self._future.result(timeout)
        except CancelledError:
            raise Cancelled("Cancelled.") from None

    def when_done(self, call: Callable[[Job[T]], None]) -> None:
        """Call `call` with this job when it has ended, on the engine's thread (at once if it already has)."""
        cancel = self._cancel  # not `self`: result and job would keep each other in memory
        self._future.add_done_callback(lambda future: call(Job(future, cancel)))

    @property
    def state(self) -> State:
        """Where the job stands."""
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
        self._jobs: dict[Future[Any], Job[Any]] = {}
        self._loaded: Restorer | None = None
        self._imported = False

    def submit(
        self,
        request: Request,
        photo: Photo,
        *,
        on_progress: OnProgress | None = None,
        on_tile: OnTile | None = None,
        into: np.ndarray | None = None,
    ) -> Job[Result]:
        """Queue a photo to be restored.

        on_progress(share in [0, 1], step) and on_tile((left, top, right, bottom), h x w x 3 pixels) are called on
        the engine's thread; the pixels are for them to look at, until they return. into: memory as large as the
        photo's pixels, H x W x 3 float32, in which the result may be made to save another one.
        """
        watch = Watch(on_progress, on_tile, into=into)
        return self._queued(watch, lambda: self._restorer().run(request, photo, watch))

    def find_faces(
        self, photo: Photo, smallest: int = 40, *, on_progress: OnProgress | None = None
    ) -> Job[list[Face]]:
        """Queue a search for the faces of at least `smallest` px, the largest first."""
        watch = Watch(on_progress)
        return self._queued(watch, lambda: self._restorer().find_faces(photo, smallest, watch))

    def compare_identities(self, before: np.ndarray, after: np.ndarray, faces: Sequence[Face]) -> Job[list[float]]:
        """Queue the cosines in [-1, 1] between each face in one photo and at its place in another of the same size.

        The job fails with a WeightsError where the face embedding is not installed.
        """
        return self._queued(Watch(), lambda: self._restorer().compare_identities(before, after, faces))

    def run(
        self,
        request: Request,
        photo: Photo,
        *,
        on_progress: OnProgress | None = None,
        on_tile: OnTile | None = None,
    ) -> Result:
        """Restore a photo and wait for it."""
        job = self.submit(request, photo, on_progress=on_progress, on_tile=on_tile)
        try:
            while not job.done():  # on Windows, nothing interrupts a wait without an end
                with suppress(TimeoutError):
                    job.result(PATIENCE)
            return job.result()
        except BaseException:
            job.cancel()
            raise

    def close(self, wait: bool = True) -> None:
        """Cancel what is queued or running, and wait for the thread to end."""
        for job in list(self._jobs.values()):
            job.cancel()
        self._pool.shutdown(wait=wait, cancel_futures=True)

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
        if not self._imported:
            self._imported = True
            self._pool.submit(_import)
        future = self._pool.submit(_logged, work)
        job = self._jobs[future] = Job(future, watch.cancelled.set)
        future.add_done_callback(lambda done: self._jobs.pop(done, None))
        return job


def _import() -> None:
    """Import what does the jobs, torch with it; what fails here is told by the first job.

    This comes before it, not within: libraries keep errors that they met while they were imported, and with an error
    every frame that called them, in which the photo and the result of that job would stay in memory for good.
    """
    with without_collections():
        import engine.restoration.restorer  # noqa: F401


def _logged(work: Callable[[], T]) -> T:
    """Do a job; log the traceback of what is nobody's expected end."""
    try:
        return work()
    except (Cancelled, UserError):
        raise
    except Exception:
        logger.exception("a job failed")
        raise
