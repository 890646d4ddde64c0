"""A lock on a file that the system takes away from a process that ends, however it ends: there are no stale ones."""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_log = logging.getLogger(__name__)


class Taken(Exception):  # noqa: N818 - somebody else holds it, which is no error
    """Another process, or another file object of this one, holds the lock."""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a file, made where it is missing; raise Taken, or OSError where it cannot be opened.

    Where the file system knows no locks, do without.
    """
    with path.open("ab") as file:
        _try(file)
        yield


def is_held(path: Path) -> bool:
    """Tell whether a living process holds a file: not where it is missing or cannot be opened."""
    try:
        with path.open("r+b") as file:
            _try(file)
    except Taken:
        return True
    except OSError:
        return False
    return False


def _try(file: BinaryIO) -> None:
    try:
        _lock(file)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            raise Taken from error
        _log.info("no lock on %s: %s", file.name, error)


if sys.platform == "win32":
    import msvcrt

    _FAR_BEYOND_THE_END = 2**31 - 2  # what is locked cannot be read by others there

    def _lock(file: BinaryIO) -> None:
        file.seek(_FAR_BEYOND_THE_END)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
