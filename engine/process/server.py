"""The engine's process: an Engine that serves the requests of the window's process."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from logging.handlers import QueueHandler
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, assert_never

import numpy as np

from engine.engine import Engine
from engine.job import Job
from engine.orders import OfPhoto
from engine.photos.photo import Photo
from engine.process import messages
from engine.process.blocks import Blocks
from engine.process.crossing import Sender, portable, unpack
from engine.restoration.watch import PixelBox

logger = logging.getLogger(__name__)

PATIENCE = 0.5  # seconds that a job has to end when the window's process ends


def serve(connection: Connection, handles: Connection, crash: Connection, level: int) -> None:
    """Serve requests until the other side says "end" or is gone; the process starts with this function.

    crash: receives the stack as text if a fault in a library ends the process (not on Windows).
    """
    # Ctrl-C reaches the whole group; the window decides which processes end
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        faulthandler.enable(crash.fileno())
    with contextlib.suppress(OSError):  # Linux: if memory runs out, this process is killed before the window's
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    Server(connection, handles, level).run()
    os._exit(0)  # even if it still computes; nothing here is worth waiting for


class _Log(QueueHandler):
    """Sends this process's log records to the window's process."""

    def __init__(self, send: Callable[[messages.ToWindow], None]) -> None:
        super().__init__(None)  # type: ignore[arg-type]
        self._send = send

    def enqueue(self, record: logging.LogRecord) -> None:
        """Send a record."""
        with contextlib.suppress(OSError):
            self._send(messages.Logged(record))


class Server:
    """Reads messages on its own thread; the engine's thread answers."""

    def __init__(self, connection: Connection, handles: Connection, level: int) -> None:
        self._connection, self._handles = connection, handles
        self._blocks = Blocks()
        self._send = Sender(connection, self._blocks).send
        self._engine = Engine()
        self._kept: dict[int, np.ndarray] = {}
        self._photos: dict[int, Photo] = {}
        self._jobs: dict[int, Job[Any]] = {}
        self._taken: dict[int, threading.Semaphore] = {}
        root = logging.getLogger()
        root.addHandler(_Log(self._send))
        root.setLevel(level)

    def run(self) -> None:
        """Serve requests until the end."""
        with contextlib.suppress(EOFError, OSError):
            while self._take(unpack(self._connection.recv_bytes(), self._blocks)):
                pass
        for job in list(self._jobs.values()):
            job.cancel()
        for taken in list(self._taken.values()):
            taken.release()
        ending = threading.Thread(target=self._engine.close, daemon=True)
        ending.start()
        ending.join(PATIENCE)

    # incoming messages

    def _take(self, message: messages.ToEngine) -> bool:
        """Do what a message asks for; return whether more may come."""
        match message:
            case messages.Ask():
                self._ask(message)
            case messages.Call(number, function, arguments):
                self._answer(number, self._engine.call(function, *arguments))
            case messages.Cancel(number):
                if number in self._jobs:
                    self._jobs[number].cancel()
            case messages.TileTaken(number):
                if number in self._taken:
                    self._taken[number].release()
            case messages.Block(number, size):
                self._kept[number] = self._blocks.receive(number, size, self._handles)
            case messages.Forget(number):
                self._kept.pop(number, None)
                self._photos.pop(number, None)
            case messages.End():
                return False
            case _:
                assert_never(message)
        return True

    def _ask(self, asked: messages.Ask) -> None:
        number, order = asked.number, asked.order
        if isinstance(order, OfPhoto):
            order = replace(order, photo=self._known(order.photo))
        on_tile = None if asked.tiles is None else partial(self._tile, number, asked.tiles.reshape(-1))
        job = self._engine.ask(order, partial(self._progress, number), on_tile, asked.into)
        self._answer(number, job, partial(_in_place, asked.into))

    # outgoing messages

    def _progress(self, number: int, share: float, step: str) -> None:
        self._send(messages.Progress(number, share, step))

    def _known(self, photo: Photo) -> Photo:
        """Return the object of a photo that was received before, so that the engine remembers its faces."""
        reference = self._blocks.reference(photo.pixels)
        return photo if reference is None else self._photos.setdefault(reference[0], photo)

    def _tile(self, number: int, room: np.ndarray, box: PixelBox, pixels: np.ndarray) -> None:
        """Copy a tile to the shared buffer, as many rows at a time as it holds, and wait until they are read."""
        taken = self._taken.setdefault(number, threading.Semaphore(0))
        left, top, right, bottom = box
        rows = max(1, room.size // (3 * (right - left)))
        for start in range(0, bottom - top, rows):
            part = pixels[start : start + rows]
            np.copyto(room[: part.size].reshape(part.shape), part)
            self._send(messages.TileShown(number, (left, top + start, right, top + start + len(part))))
            taken.acquire()

    def _answer(self, number: int, job: Job[Any], finish: Callable[[Any], Any] = lambda result: result) -> None:
        self._jobs[number] = job
        job.when_done(lambda ended: self._attempt(number, lambda: finish(ended.result())))

    def _attempt(self, number: int, work: Callable[[], Any]) -> None:
        self._jobs.pop(number, None)
        self._taken.pop(number, None)
        try:
            self._send(messages.Done(number, work()))
        except Exception as error:  # noqa: BLE001 - it is the other side's
            with contextlib.suppress(OSError):  # nobody is there to receive it
                self._send(messages.Failed(number, portable(error)))
            error.__traceback__ = None  # its frames hold the photo, and the job that holds the error


def _in_place(into: np.ndarray | None, answer: Any) -> Any:
    """Return an answer; the pixels of a result are in the block reserved for them."""
    if into is None or answer.pixels is into:
        return answer
    np.copyto(into, answer.pixels)
    return replace(answer, pixels=into)
