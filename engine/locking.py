"""Locks a file. The system releases the lock when the process ends, so there are no stale locks."""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_log = logging.getLogger(__name__)


class LockHeld(Exception):  # noqa: N818 - not an error
    """Another process, or another file object of this one, holds the lock."""


@contextmanager
def acquired(path: Path) -> Iterator[None]:
    """Lock a file, which is made if missing; raise LockHeld, or OSError if it cannot be opened.

    On a file system without locks, do nothing.
    """
    with path.open("ab") as file:
        _try(file)
        yield


def is_held(path: Path) -> bool:
    """Tell whether a living process holds the lock; False if the file is missing or cannot be opened."""
    try:
        with path.open("r+b") as file:
            _try(file)
    except LockHeld:
        return True
    except OSError:
        return False
    return False


def _try(file: BinaryIO) -> None:
    try:
        _lock(file)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            raise LockHeld from error
        _log.info("no lock on %s: %s", file.name, error)


if sys.platform == "win32":
    import msvcrt

    _FAR_BEYOND_THE_END = 2**31 - 2  # others cannot read locked bytes there

    def _lock(file: BinaryIO) -> None:
        file.seek(_FAR_BEYOND_THE_END)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
