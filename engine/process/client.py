"""The window's side of the engine's process: it starts the process, sends requests, and replaces a lost process."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar, assert_never

import numpy as np

from engine.errors import Cancelled, UserError
from engine.job import Job
from engine.orders import CompareIdentities, OfPhoto, Order, Restore
from engine.photos.cutouts import filled
from engine.photos.photo import Photo
from engine.process import messages
from engine.process.blocks import Blocks
from engine.process.child import Child
from engine.protocol import AnyEngine
from engine.restoration.watch import OnProgress, OnTile, PixelBox

logger = logging.getLogger(__name__)

TILE_ROOM = 2**22  # numbers, 16 MiB: tiles are transferred through it one after another, larger ones in pieces

T = TypeVar("T")


class EngineLostError(UserError):
    """The engine's process ended during a job."""


@dataclass(eq=False)
class _Waiting:
    """What was asked and the job that waits for its answer; kept until it is answered."""

    asked: messages.Ask | messages.Call
    future: Future[Any]
    on_progress: OnProgress | None = None
    on_tile: OnTile | None = None


class EngineProcess(AnyEngine):
    """An engine in a process that starts with the first job.

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

    def ask(self, order: Order[T], on_progress: OnProgress | None = None, on_tile: OnTile | None = None) -> Job[T]:
        """Queue an order; its pictures move to shared memory."""
        into = tiles = None
        if isinstance(order, Restore):
            into = self._room(order.photo.pixels.shape)
            tiles = None if on_tile is None else self._room((min(TILE_ROOM, order.photo.pixels.size),))
        asked = messages.Ask(next(self._numbers), self._light(order), into, tiles)
        return self._queued(asked, on_progress, on_tile)

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

    def _light(self, order: Order[Any]) -> Order[Any]:
        """Return an order with its pictures in shared memory, and of its photo only what the engine needs."""
        if isinstance(order, CompareIdentities):
            return replace(order, before=self._shared(order.before), after=self._shared(order.after))
        if not isinstance(order, OfPhoto):
            return order
        photo = filled(order.photo)
        with self._moving:
            # The photo keeps its identity; without the move, its pixels would be in memory twice.
            object.__setattr__(photo, "pixels", self._shared(photo.pixels))
        light = Photo(
            photo.pixels,
            grey=photo.grey,
            bit_depth=photo.bit_depth,
            format=photo.format,
            path=photo.path,
            notes=photo.notes,
        )
        return replace(order, photo=light)

    def _queued(
        self,
        asked: messages.Ask | messages.Call,
        on_progress: OnProgress | None = None,
        on_tile: OnTile | None = None,
    ) -> Job[Any]:
        waiting = _Waiting(asked, Future(), on_progress, on_tile)
        job: Job[Any] = Job(waiting.future, partial(self._cancel, asked.number))
        with self._lock:
            if self._closed:
                waiting.future.cancel()
            else:
                self._waiting[asked.number] = waiting
                self._tasks.put(partial(self._give, asked))
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

    def _give(self, asked: messages.Ask | messages.Call) -> None:
        """Send it to the process; start the process if there is none."""
        try:
            if self._child is None:
                self._child = Child(self._blocks, self._hear, self._ended)
            self._tell(asked)
        except OSError as error:
            self._answer(
                asked.number,
                error=EngineLostError("The computing process cannot be started: {reason}.", reason=error),
            )
        except Exception as error:  # noqa: BLE001 - the job's end, not that of this thread
            self._answer(asked.number, error=error)

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
        left = [waiting.asked for waiting in self._waiting.values()]
        for asked in left[:1]:
            lost = EngineLostError(
                "The computing process ended unexpectedly ({reason}). Nothing is lost: try again.",
                reason=reason,
            )
            self._answer(asked.number, error=lost)
        for asked in left[1:]:
            self._give(asked)

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
        tiles = waiting.asked.tiles if waiting is not None and isinstance(waiting.asked, messages.Ask) else None
        if waiting is not None and waiting.on_tile is not None and tiles is not None:
            shape = box[3] - box[1], box[2] - box[0], 3
            self._call_back(waiting, waiting.on_tile, box, tiles[: int(np.prod(shape))].reshape(shape))
        self._tasks.put(partial(self._tell, messages.TileTaken(number)))

    def _call_back(self, waiting: _Waiting, callback: Callable[..., object], *given: Any) -> None:
        """Call back, unless the job was cancelled; an exception in the callback ends the job, as in the engine."""
        try:
            if not waiting.future.done():
                callback(*given)
        except BaseException as error:  # noqa: BLE001 - the job's end
            self._cancel(waiting.asked.number)
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
