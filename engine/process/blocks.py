"""Memory blocks for pictures that two processes share; messages then carry a block's number, not the pixels.

A block has no name in any folder. It disappears when no process uses it any more, however the processes end. Linux
has such memory (memfd, which /dev/shm does not limit). Other Unixes use a temporary file that is deleted at once; its
descriptor is sent to the other process. Windows frees a section of its paging file when the last process releases it;
there a random name is sent.
"""

from __future__ import annotations

import itertools
import mmap
import os
import secrets
import sys
import tempfile
import weakref
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle

import numpy as np

WINDOWS = sys.platform == "win32"

Reference = tuple[int, tuple[int, ...]]
"""A picture in a block: the block's number, and height, width and channels."""

_WRITTEN = 2**20  # bytes at a time


class Blocks:
    """The blocks of a process by number: the window's process makes them, the engine's process maps them too.

    A block is in use as long as an array of it exists. After that, `unused` is called with its number, on any thread
    and at any moment, so it must not block. `drop` frees the memory; this takes 0.1 s for 540 MB and belongs on a
    thread that may wait.
    """

    def __init__(self, unused: Callable[[int], object] | None = None) -> None:
        self._unused = unused or self.drop
        self._maps: dict[int, mmap.mmap] = {}
        self._arrays: weakref.WeakValueDictionary[int, np.ndarray] = weakref.WeakValueDictionary()
        self._handles: dict[int, int | str] = {}
        self._numbers: dict[int, int] = {}  # by the address at which they begin
        self._next = itertools.count(1)

    def make(self, shape: tuple[int, ...]) -> np.ndarray:
        """Return H x W x C float32 zeros in a new block; raise OSError if there is no room."""
        size = 4 * int(np.prod(shape))
        handle: int | str = f"acutance-{os.getpid()}-{secrets.token_hex(16)}" if WINDOWS else _nameless(size)
        return self._mapped(next(self._next), size, handle)[: size // 4].reshape(shape)

    def reference(self, array: np.ndarray) -> Reference | None:
        """Return a picture's reference; None if it does not begin a block or is not contiguous."""
        number = self._numbers.get(array.__array_interface__["data"][0])
        if number is None or array.dtype != np.float32 or not array.flags.c_contiguous:
            return None
        return number, array.shape

    def picture(self, reference: Reference) -> np.ndarray:
        """Return the picture of a reference."""
        number, shape = reference
        return self._arrays[number][: int(np.prod(shape))].reshape(shape)

    def size(self, number: int) -> int:
        """Return the bytes of a block."""
        return len(self._maps[number])

    def send(self, number: int, to: Connection, process: int) -> None:
        """Send a block to another process, which calls `receive`."""
        handle = self._handles[number]
        if isinstance(handle, str):
            to.send(handle)
        else:
            send_handle(to, handle, process)

    def receive(self, number: int, size: int, connection: Connection) -> np.ndarray:
        """Return all numbers of a block from the other process; keep them until that process releases the block."""
        return self._mapped(number, size, connection.recv() if WINDOWS else recv_handle(connection))

    def _mapped(self, number: int, size: int, handle: int | str) -> np.ndarray:
        named = {"tagname": handle} if isinstance(handle, str) else {}
        memory = mmap.mmap(-1 if isinstance(handle, str) else handle, size, **named)  # type: ignore[arg-type]
        numbers = np.frombuffer(memory, np.float32)  # the base of all views: numpy keeps it alive as long as them
        address = numbers.__array_interface__["data"][0]
        self._maps[number], self._arrays[number], self._handles[number] = memory, numbers, handle
        self._numbers[address] = number
        weakref.finalize(numbers, self._end, number, address).atexit = False
        return numbers

    def _end(self, number: int, address: int) -> None:
        del self._numbers[address]
        self._unused(number)

    def drop(self, number: int) -> None:
        """Free the memory of an unused block."""
        del self._maps[number]
        handle = self._handles.pop(number)
        if isinstance(handle, int):
            os.close(handle)


def _nameless(size: int) -> int:
    """Return the descriptor of `size` zero bytes."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("acutance", os.MFD_CLOEXEC)
        os.ftruncate(descriptor, size)
        return descriptor
    with tempfile.TemporaryFile(buffering=0) as file:
        for start in range(0, size, _WRITTEN):  # a hole that the full disk cannot fill would kill the program later
            file.write(bytes(min(_WRITTEN, size - start)))
        return os.dup(file.fileno())
