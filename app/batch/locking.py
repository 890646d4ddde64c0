"""A lock on an open file that ends with the process that holds it: there are no stale ones."""

from __future__ import annotations

import errno
import logging
import sys
from typing import BinaryIO

_log = logging.getLogger(__name__)


class Taken(Exception):  # noqa: N818 - somebody else holds it, which is no error
    """Another process, or another file object of this one, holds the lock."""


def lock(file: BinaryIO) -> None:
    """Lock a file until it is closed; raise Taken. Where the file system knows no locks, do without."""
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
