"""The window's side of the engine's process: it starts the process, sends requests, and replaces a lost process."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar, assert_never

import numpy as np

from engine.areas.area import Areas
from engine.engine import Job
from engine.errors import Cancelled, UserError
from engine.faces.face import Box, Face
from engine.kernels.kernel import Kernel
from engine.photos.cutouts import filled
from engine.photos.photo import Photo
from engine.process import messages
from engine.process.blocks import Blocks
from engine.process.child import Child
from engine.request import Request
from engine.restoration.watch import OnProgress, OnTile, PixelBox
from engine.result import Result

logger = logging.getLogger(__name__)

TILE_ROOM = 2**22  # numbers, 16 MiB: tiles are transferred through it one after another, larger ones in pieces

T = TypeVar("T")


class EngineLostError(UserError):
    """The engine's process ended during a job."""


@dataclass(eq=False)
class _Waiting:
    """An order and the job that waits for its answer; kept until it is answered."""

    order: messages.Order
    future: Future[Any]
    on_progress: OnProgress | None = None
    on_tile: OnTile | None = None
    tiles: np.ndarray | None = None


class EngineProcess:
    """The same interface as `Engine`, for a process that starts with the first job.

    The pixels of a photo are moved to shared memory, so that they exist once; results come back in such memory.
    Callbacks run on a thread of this object. If the process dies, its job fails with an EngineLostError, and a new
    process does the next one. A cancelled job ends at once, although the process works on until its next tile.
    """

    def __init__(self) -> None:
        self._tasks: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._blocks = Blocks(self._unused)
        self._numbers = itertools.count()
        self._waiting: dict[int, _Waiting] = {}
        self._moving, self._lock = threading.Lock(), threading.Lock()
        self._child: Child | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="engine orders", daemon=True)
        self._thread.start()

    def submit(
        self,
        request: Request,
        photo: Photo,
        *,
        on_progress: OnProgress | None = None,
        on_tile: OnTile | None = None,
    ) -> Job[Result]:
        """Queue the restoration of a photo; see `Engine.submit`."""
        into = self._room(photo.pixels.shape)
        tiles = None if on_tile is None else self._room((min(TILE_ROOM, photo.pixels.size),))
        order = messages.Submit(next(self._numbers), request, self._light(photo), into, tiles)
        return self._queued(order, on_progress, on_tile, tiles)

    def find_faces(
        self, photo: Photo, smallest: int = 40, *, on_progress: OnProgress | None = None
    ) -> Job[list[Face]]:
        """Queue a search for the faces of at least `smallest` px, the largest first."""
        return self._queued(messages.FindFaces(next(self._numbers), self._light(photo), smallest), on_progress)

    def find_kernel(self, photo: Photo, box: Box, *, on_progress: OnProgress | None = None) -> Job[Kernel | None]:
        """Queue a search for the kernel of a box; see `Engine.find_kernel`."""
        return self._queued(messages.FindKernel(next(self._numbers), self._light(photo), box), on_progress)

    def suggest_areas(
        self, photo: Photo, count: int, taken: tuple[Box, ...] = (), *, on_progress: OnProgress | None = None
    ) -> Job[Areas]:
        """Queue a search for areas; see `Engine.suggest_areas`."""
        order = messages.SuggestAreas(next(self._numbers), self._light(photo), count, taken)
        return self._queued(order, on_progress)

    def compare_identities(self, before: np.ndarray, after: np.ndarray, faces: Sequence[Face]) -> Job[list[float]]:
        """Queue the comparison of each face in two photos; see `Engine.compare_identities`."""
        number = next(self._numbers)
        return self._queued(
            messages.CompareIdentities(number, self._shared(before), self._shared(after), tuple(faces))
        )

    def rehearse(self, request: Request, *, on_progress: OnProgress | None = None) -> Job[None]:
        """Queue the measurement of this machine; see `Engine.rehearse`."""
        return self._queued(messages.Rehearse(next(self._numbers), request), on_progress)

    def call(self, function: Callable[..., T], *arguments: Any) -> Job[T]:
        """Call a function in the process, outside the queue of jobs: for work that needs PyTorch or the device."""
        return self._queued(messages.Call(next(self._numbers), function, arguments))

    def close(self) -> None:
        """Cancel everything, and wait for the process and the threads to end."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._tasks.put(None)
        self._thread.join()

    # on the caller's thread

    def _unused(self, number: int) -> None:
        if self._thread.is_alive():
            # freed on that thread, since this may be the window's thread
            self._tasks.put(partial(self._forget, number))
        else:
            self._blocks.drop(number)

    def _room(self, shape: tuple[int, ...]) -> np.ndarray:
        try:
            return self._blocks.make(shape)
        except OSError as error:
            raise UserError("There is not enough free memory for this photo: {reason}.", reason=error) from error

    def _shared(self, pixels: np.ndarray) -> np.ndarray:
        """Return the same pixels, H x W x C float32, in shared memory."""
        if self._blocks.reference(pixels) is not None:
            return pixels
        shared = self._room(pixels.shape)
        np.copyto(shared, pixels)
        return shared

    def _light(self, photo: Photo) -> Photo:
        """Return the parts of a photo that the engine needs; move its pixels to shared memory permanently."""
        photo = filled(photo)
        with self._moving:
            # The photo keeps its identity; without the move, its pixels would be in memory twice.
            object.__setattr__(photo, "pixels", self._shared(photo.pixels))
        return Photo(
            photo.pixels,
            grey=photo.grey,
            bit_depth=photo.bit_depth,
            format=photo.format,
            path=photo.path,
            notes=photo.notes,
        )

    def _queued(
        self,
        order: messages.Order,
        on_progress: OnProgress | None = None,
        on_tile: OnTile | None = None,
        tiles: np.ndarray | None = None,
    ) -> Job[Any]:
        waiting = _Waiting(order, Future(), on_progress, on_tile, tiles)
        job: Job[Any] = Job(waiting.future, partial(self._cancel, order.number))
        with self._lock:
            if self._closed:
                waiting.future.cancel()
            else:
                self._waiting[order.number] = waiting
                self._tasks.put(partial(self._give, order))
        return job

    def _cancel(self, number: int) -> None:
        self._tasks.put(partial(self._tell, messages.Cancel(number)))

    # on the thread that sends requests, which alone starts and ends the process

    def _work(self) -> None:
        while self._do_next():  # a separate function, so that its end releases its variables
            pass
        numbers = list(self._waiting)
        for number in numbers:  # before the process hears of it: it would do the next job, and its answer would count
            self._answer(number, error=Cancelled("Cancelled."))
        for number in numbers:
            self._tell(messages.Cancel(number))
        if self._child is not None:
            self._child.end()

    def _do_next(self) -> bool:
        task = self._tasks.get()
        if task is not None:
            task()
        return task is not None

    def _give(self, order: messages.Order) -> None:
        """Send an order to the process; start the process if there is none."""
        try:
            if self._child is None:
                self._child = Child(self._blocks, self._hear, self._ended)
            self._tell(order)
        except OSError as error:
            self._answer(
                order.number,
                error=EngineLostError("The computing process cannot be started: {reason}.", reason=error),
            )
        except Exception as error:  # noqa: BLE001 - the job's end, not that of this thread
            self._answer(order.number, error=error)

    def _forget(self, number: int) -> None:
        self._blocks.drop(number)
        if self._child is not None:
            self._child.forget(number)

    def _lost(self, child: Child) -> None:
        """Fail the running job of a process that ended; a new process does the others."""
        if child is not self._child:
            return
        self._child = None
        reason = child.end()
        logger.error("the engine's process ended: %s", reason)
        orders = [waiting.order for waiting in self._waiting.values()]
        for order in orders[:1]:
            lost = EngineLostError(
                "The computing process ended unexpectedly ({reason}). Nothing is lost: try again.",
                reason=reason,
            )
            self._answer(order.number, error=lost)
        for order in orders[1:]:
            self._give(order)

    def _tell(self, message: messages.ToEngine) -> None:
        if self._child is not None:
            with suppress(OSError):  # the process is gone: the listening thread reports it
                self._child.send(message)

    # on the thread that listens

    def _hear(self, message: messages.ToWindow) -> None:
        match message:
            case messages.Logged(record):
                _log_here(record)
            case messages.Progress(number, share, step):
                waiting = self._waiting.get(number)
                if waiting is not None and waiting.on_progress is not None:
                    self._call_back(waiting, waiting.on_progress, share, step)
            case messages.TileShown(number, box):
                self._show(number, box)
            case messages.Done(number, result):
                self._answer(number, result)
            case messages.Failed(number, error):
                self._answer(number, error=error)
            case _:
                assert_never(message)

    def _ended(self, child: Child) -> None:
        self._tasks.put(partial(self._lost, child))

    def _show(self, number: int, box: PixelBox) -> None:
        waiting = self._waiting.get(number)
        if waiting is not None and waiting.on_tile is not None and waiting.tiles is not None:
            shape = box[3] - box[1], box[2] - box[0], 3
            self._call_back(waiting, waiting.on_tile, box, waiting.tiles[: int(np.prod(shape))].reshape(shape))
        self._tasks.put(partial(self._tell, messages.TileTaken(number)))

    def _call_back(self, waiting: _Waiting, callback: Callable[..., object], *given: Any) -> None:
        """Call back, unless the job was cancelled; an exception in the callback ends the job, as in the engine."""
        try:
            if not waiting.future.done():
                callback(*given)
        except BaseException as error:  # noqa: BLE001 - the job's end
            self._cancel(waiting.order.number)
            with suppress(InvalidStateError):
                waiting.future.set_exception(error)
        finally:
            del waiting, given  # the error's traceback would keep them in memory, and they the error

    def _answer(self, number: int, result: Any = None, error: BaseException | None = None) -> None:
        waiting = self._waiting.pop(number, None)
        if waiting is None:
            return
        with suppress(InvalidStateError):  # it was cancelled meanwhile
            if error is None:
                waiting.future.set_result(result)
            else:
                waiting.future.set_exception(error)


def _log_here(record: logging.LogRecord) -> None:
    named = logging.getLogger(record.name)
    if named.isEnabledFor(record.levelno):
        named.handle(record)
