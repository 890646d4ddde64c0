"""One process of the engine, seen from the window's process."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection

from engine.errors import Sentence
from engine.process.blocks import Blocks
from engine.process.crossing import pack, unpack
from engine.process.messages import Block, End, Forget, ToEngine, ToWindow
from engine.process.server import serve

logger = logging.getLogger(__name__)

PATIENCE = 3.0  # seconds until a process that should end is killed; nothing is lost by that


class Child:
    """Starts the process.

    `hear` gets its messages, on a thread; `lost` is called once on that thread when it has ended.
    """

    def __init__(self, blocks: Blocks, hear: Callable[[ToWindow], None], lost: Callable[[Child], object]) -> None:
        self._blocks, self._hear, self._lost = blocks, hear, lost
        self._given: set[int] = set()
        context = multiprocessing.get_context("spawn")  # the window has threads, which do not survive a fork
        self._connection, theirs = context.Pipe()
        self._handles, their_handles = context.Pipe()
        self._crash, their_crash = context.Pipe(duplex=False)
        given = (theirs, their_handles, their_crash)
        self._process = context.Process(
            target=serve, args=(*given, logging.getLogger().level), name="acutance engine", daemon=True
        )
        try:
            self._process.start()
        except BaseException:
            self._close()
            raise
        finally:
            for end in given:
                end.close()
        self._listener = threading.Thread(target=self._listen, name="engine answers", daemon=True)
        self._listener.start()

    def send(self, message: ToEngine) -> None:
        """Send a message, after its blocks that are new to the process; raise OSError if the process is gone."""
        data, crossing = pack(message, self._blocks)
        for number in crossing - self._given:
            header, _ = pack(Block(number, self._blocks.size(number)), self._blocks)
            self._connection.send_bytes(header)
            assert self._process.pid is not None
            self._blocks.send(number, self._handles, self._process.pid)
            self._given.add(number)
        self._connection.send_bytes(data)

    def forget(self, number: int) -> None:
        """Let the process release a block that no longer exists here."""
        if number in self._given:
            self._given.remove(number)
            with suppress(OSError):
                self.send(Forget(number))

    def end(self) -> str:
        """Ask the process to end, wait for it, and return how it ended."""
        with suppress(OSError):
            self.send(End())
        self._process.join(PATIENCE)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()
        self._listener.join()
        how = _how(self._process.exitcode)
        fault = _fault(self._crash)
        if fault:
            logger.error("a fault in the engine's process:\n%s", fault)
        self._process.close()
        self._close()
        return how

    def _close(self) -> None:
        for connection in (self._connection, self._handles, self._crash):
            connection.close()

    def _listen(self) -> None:
        try:
            while True:
                self._hear(unpack(self._connection.recv_bytes(), self._blocks))
        except (EOFError, OSError):
            pass  # it has ended
        except Exception:  # the thread must not wait if it cannot read the message
            logger.exception("the engine's process said what cannot be read")
        self._lost(self)


def _fault(crash: Connection) -> str:
    """Return the report that a process left about a fault in a library, "" for none."""
    if sys.platform == "win32":
        return ""
    os.set_blocking(crash.fileno(), False)
    with suppress(OSError):  # there is no report
        return os.read(crash.fileno(), 2**16).decode(errors="replace").rstrip()
    return ""


def _how(code: int | None) -> str:
    """Describe how a process ended, from its exit code."""
    if code == -getattr(signal, "SIGKILL", 9):
        return Sentence("the system stopped it, perhaps because memory ran out")
    if code is not None and code < 0:
        with suppress(ValueError):
            return Sentence("signal {name}", name=signal.Signals(-code).name)
    return Sentence("exit code {code}", code=code)
