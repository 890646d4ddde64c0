"""Messages between the two processes: pickled, except pictures in shared blocks, which are sent by number."""

from __future__ import annotations

import io
import pickle
import traceback
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any

import numpy as np

from engine.errors import Cancelled, UserError
from engine.process.blocks import Blocks, Reference
from engine.process.messages import ToEngine, ToWindow


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, blocks: Blocks) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._blocks = blocks
        self.crossed: set[int] = set()

    def persistent_id(self, thing: Any) -> Reference | None:
        reference = self._blocks.reference(thing) if isinstance(thing, np.ndarray) else None
        if reference is not None:
            self.crossed.add(reference[0])
        return reference


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, blocks: Blocks) -> None:
        super().__init__(file)
        self._blocks = blocks

    def persistent_load(self, reference: Reference) -> np.ndarray:
        return self._blocks.picture(reference)


def pack(message: ToEngine | ToWindow, blocks: Blocks) -> tuple[bytes, set[int]]:
    """Return the bytes of a message, and the numbers of the blocks that the receiver needs to read it."""
    file = io.BytesIO()
    pickler = _Pickler(file, blocks)
    pickler.dump(message)
    return file.getvalue(), pickler.crossed


def unpack(data: bytes, blocks: Blocks) -> Any:
    """Return the message, a `ToEngine` or `ToWindow`; it always comes from a process of this program."""
    return _Unpickler(io.BytesIO(data), blocks).load()


class Sender:
    """Sends messages to the window from any thread, one at a time. Raises OSError if the other side is gone."""

    def __init__(self, connection: Connection, blocks: Blocks) -> None:
        self._connection, self._blocks = connection, blocks
        self._lock = Lock()

    def send(self, message: ToWindow) -> None:
        """Send a message; its contents are read before this returns."""
        data, _ = pack(message, self._blocks)
        with self._lock:
            self._connection.send_bytes(data)


def portable(error: BaseException) -> BaseException:
    """Return an error that can be sent; an error that is no sentence for the user keeps its traceback as a note.

    An error that cannot be pickled, or whose class would import a library, becomes a RuntimeError with the same text.
    """
    if isinstance(error, (UserError, Cancelled)):
        return error
    if type(error).__module__ != "builtins" or not _comes_back(error):
        error = RuntimeError(f"{type(error).__name__}: {error}").with_traceback(error.__traceback__)
    error.add_note("In the engine's process:\n" + "".join(traceback.format_exception(error)))
    return error


def _comes_back(error: BaseException) -> bool:
    try:
        return bool(pickle.loads(pickle.dumps(error)))
    except Exception:  # noqa: BLE001 - whatever its class does when it is pickled
        return False
