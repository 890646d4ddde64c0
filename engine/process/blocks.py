"""Pictures in memory that two processes see, so that they cross by number and not by content.

A block has no name in any folder: it is gone as soon as nobody has it any more, however the processes end. Linux has
such memory (memfd, which /dev/shm does not bound), other Unixes a temporary file that is deleted when it is made;
there its descriptor crosses. Windows frees a section of its paging file when the last process lets go of it; there a
word that nobody guesses crosses.
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
    """The blocks that a process has, by number: that of the window makes them, that of the engine maps them too.

    A block is used for as long as an array of it is there. After that `unused` is called with its number, on any
    thread and in the middle of anything, so that it must not wait; `drop` frees the memory, which takes 0.1 s for
    540 MB and should be left to a thread that may.
    """

    def __init__(self, unused: Callable[[int], object] | None = None) -> None:
        self._unused = unused or self.drop
        self._maps: dict[int, mmap.mmap] = {}
        self._arrays: weakref.WeakValueDictionary[int, np.ndarray] = weakref.WeakValueDictionary()
        self._handles: dict[int, int | str] = {}
        self._numbers: dict[int, int] = {}  # by the address at which they begin
        self._next = itertools.count(1)

    def make(self, shape: tuple[int, ...]) -> np.ndarray:
        """Return H x W x C float32 zeros in a block of their own.

        Raises OSError where there is no room.
        """
        size = 4 * int(np.prod(shape))
        handle: int | str = f"acutance-{os.getpid()}-{secrets.token_hex(16)}" if WINDOWS else _nameless(size)
        return self._mapped(next(self._next), size, handle)[: size // 4].reshape(shape)

    def reference(self, array: np.ndarray) -> Reference | None:
        """Return where a picture lies; None where it begins no block or is not in one piece."""
        number = self._numbers.get(array.__array_interface__["data"][0])
        if number is None or array.dtype != np.float32 or not array.flags.c_contiguous:
            return None
        return number, array.shape

    def picture(self, reference: Reference) -> np.ndarray:
        """Return the picture that lies there."""
        number, shape = reference
        return self._arrays[number][: int(np.prod(shape))].reshape(shape)

    def size(self, number: int) -> int:
        """Return the bytes of a block."""
        return len(self._maps[number])

    def send(self, number: int, to: Connection, process: int) -> None:
        """Let another process have a block, which calls `receive`."""
        handle = self._handles[number]
        if isinstance(handle, str):
            to.send(handle)
        else:
            send_handle(to, handle, process)

    def receive(self, number: int, size: int, connection: Connection) -> np.ndarray:
        """Return all numbers of a block that the other process sends; they are to be kept until it lets it go."""
        return self._mapped(number, size, connection.recv() if WINDOWS else recv_handle(connection))

    def _mapped(self, number: int, size: int, handle: int | str) -> np.ndarray:
        named = {"tagname": handle} if isinstance(handle, str) else {}
        memory = mmap.mmap(-1 if isinstance(handle, str) else handle, size, **named)  # type: ignore[arg-type]
        numbers = np.frombuffer(memory, np.float32)  # the base of all others: numpy keeps it for as long as them
        address = numbers.__array_interface__["data"][0]
        self._maps[number], self._arrays[number], self._handles[number] = memory, numbers, handle
        self._numbers[address] = number
        weakref.finalize(numbers, self._end, number, address).atexit = False
        return numbers

    def _end(self, number: int, address: int) -> None:
        del self._numbers[address]
        self._unused(number)

    def drop(self, number: int) -> None:
        """Free the memory of a block that is not used any more."""
        del self._maps[number]
        handle = self._handles.pop(number)
        if isinstance(handle, int):
            os.close(handle)


def _nameless(size: int) -> int:
    """Return the descriptor of `size` bytes that are zero."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("acutance", os.MFD_CLOEXEC)
        os.ftruncate(descriptor, size)
        return descriptor
    with tempfile.TemporaryFile(buffering=0) as file:
        for start in range(0, size, _WRITTEN):  # a hole that the full disk cannot fill would end the program later
            file.write(bytes(min(_WRITTEN, size - start)))
        return os.dup(file.fileno())
