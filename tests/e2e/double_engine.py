"""A double of the engine for stories: fast, can be paused, and needs no network. mypy checks that it is an engine."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from engine.areas.area import Area
from engine.engine import Engine
from engine.errors import Cancelled
from engine.explanation import Explanation
from engine.faces.face import Box, Face
from engine.job import Job
from engine.kernels.kernel import Kernel
from engine.kernels.trust import Verdict
from engine.orders import CompareIdentities, FindFaces, FindKernel, Order, Rehearse, Restore, SuggestAreas
from engine.photos.photo import Photo
from engine.process.client import EngineProcess
from engine.protocol import AnyEngine
from engine.request import Request
from engine.restoration.watch import OnProgress, OnTile
from engine.result import FaceResult, Result

T = TypeVar("T")


class DoubleEngine(AnyEngine):
    """Implements the engine's interface without a network: it brightens the photo in four tiles.

    hold: clear it to stop before the second tile. error: raised in place of a result. late_error: raised after the
    tiles. identity_error: raised in place of a comparison. requests: all requests so far. looked_at: the boxes whose
    kernels were asked for. suggestions: the boxes that are suggested. taken: those that were taken then.
    """

    def __init__(self) -> None:
        self.faces = [
            Face((20, 20, 60, 70), ((30, 35), (50, 35), (40, 45), (32, 58), (48, 58)), 0.99, 0.25),
            Face((100, 30, 130, 72), ((107, 40), (122, 40), (115, 48), (108, 57), (121, 57)), 0.91, 0.5),
        ]
        self.hold = threading.Event()
        self.hold.set()
        self.error: Exception | None = None
        self.late_error: Exception | None = None
        self.identity_error: Exception | None = None
        self.requests: list[Request] = []
        self.looked_at: list[Box] = []
        self.suggestions: list[Box] = [(10.0, 10.0, 50.0, 50.0), (100.0, 60.0, 150.0, 110.0)]
        self.taken: tuple[Box, ...] = ()
        self.closed = False
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="double-engine")

    def ask(self, order: Order[T], on_progress: OnProgress | None = None, on_tile: OnTile | None = None) -> Job[T]:
        """Queue an order. Each photo has the same two faces: the first person stays, the second does not."""
        if isinstance(order, Restore):
            self.requests.append(order.request)
        elif isinstance(order, FindKernel):
            self.looked_at.append(order.box)
        elif isinstance(order, SuggestAreas):
            self.taken = order.taken
        return self._queued(lambda cancelled: self._answer(order, on_progress, on_tile, cancelled))

    def call(self, function: Callable[..., T], *arguments: Any) -> Job[T]:
        """Call a function on the double's thread."""
        return self._queued(lambda _: function(*arguments))

    def close(self) -> None:
        """End the thread."""
        self.closed = True
        self.hold.set()
        self._pool.shutdown(wait=True)

    def _queued(self, work: Callable[[threading.Event], T]) -> Job[T]:
        cancelled = threading.Event()
        return Job(self._pool.submit(work, cancelled), cancelled.set)

    def _answer(
        self,
        order: Order[Any],
        on_progress: OnProgress | None,
        on_tile: OnTile | None,
        cancelled: threading.Event,
    ) -> Any:
        match order:
            case Restore(photo, request):
                return self._run(request, photo, on_progress, on_tile, cancelled)
            case FindFaces(_, smallest):
                return [face for face in self.faces if face.size >= smallest]
            case FindKernel(_, box):  # a line whose length tells the box; none in a box that begins beyond 150 px
                self._pause(cancelled)
                return None if box[0] > 150 else Kernel(np.ones((1, 2 * round(box[0] / 10) + 3)))
            case SuggestAreas():
                if on_progress:
                    on_progress(0.4, "areas")
                self._pause(cancelled)
                return tuple(Area(box) for box in self.suggestions)
            case CompareIdentities(_, _, faces):
                return _or_raise(self.identity_error, [0.93, 0.25][: len(faces)])
            case Rehearse():  # it takes no time
                return None
        raise TypeError(order)

    def _run(
        self,
        request: Request,
        photo: Photo,
        on_progress: OnProgress | None,
        on_tile: OnTile | None,
        cancelled: threading.Event,
    ) -> Result:
        restored = _or_raise(self.error, np.clip(photo.pixels * 0.5 + 0.4, 0, 1).astype(np.float32))
        width, height = photo.size
        for index in range(4):
            if index == 1:
                self._pause(cancelled)
            left, right = index * width // 4, (index + 1) * width // 4
            if on_tile:
                on_tile((left, 0, right, height), restored[:, left:right])
            if on_progress:
                on_progress((index + 1) / 4, "restore")
        return _or_raise(self.late_error, self._result(request, restored))

    def _pause(self, cancelled: threading.Event) -> None:
        while not self.hold.wait(0.01) and not cancelled.is_set():
            pass
        if cancelled.is_set():
            raise Cancelled("Cancelled.")

    def _result(self, request: Request, restored: np.ndarray) -> Result:
        values = np.zeros((15, 21), np.float32)
        for x in range(3, 18):
            values[7 + (x - 10) // 3, x] = 1 + (x % 3)
        kernel = Kernel(values)
        return Result(
            request,
            restored,
            "wrfn",
            "CPU",
            Explanation(kernel, 1.04, Verdict.WELL, kernel),
            faces=tuple(FaceResult(face, Explanation(kernel, 1.1)) for face in self.faces),
            seconds={"faces": 0.31, "prepare": 0.02, "restore": 1.48, "kernel": 0.2},
            notes=("Two tiles were halved.",),
            areas=request.areas,
        )


def _or_raise(error: Exception | None, answer: T) -> T:
    if error is not None:
        raise error
    return answer


if TYPE_CHECKING:
    ENGINES: tuple[type[AnyEngine], ...] = (Engine, EngineProcess, DoubleEngine)
    """What mypy proves to be engines."""
