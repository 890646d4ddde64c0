"""What can be wrong with a photo's file."""

from __future__ import annotations

import errno
from pathlib import Path

from engine.errors import UserError

_REASONS = {
    errno.ENOENT: "there is no such file or folder",
    errno.EACCES: "permission is denied",
    errno.EPERM: "permission is denied",
    errno.EISDIR: "it is a folder",
    errno.ENOTDIR: "a part of its path is a file, not a folder",
    errno.EEXIST: "the file exists already",
    errno.ELOOP: "its symbolic links go round in a circle",
    errno.ENAMETOOLONG: "its name is too long for this disk",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EROFS: "the disk is read-only",
    errno.EFBIG: "the file is too large for this disk",
}


class PhotoError(UserError):
    """A photo that cannot be read or written: one sentence with the file's path and the reason."""


class EncodingError(Exception):
    """The reason why a photo does not fit a format, without the file's name, which `write_photo` knows."""


def unreadable(path: Path, reason: str | OSError) -> PhotoError:
    """The error for a file that cannot be read."""
    return PhotoError(f"Cannot read {path}: {_told(reason)}.")


def unwritable(path: Path, reason: str | OSError) -> PhotoError:
    """The error for a file that cannot be written."""
    return PhotoError(f"Cannot write {path}: {_told(reason)}.")


def _told(reason: str | OSError) -> str:
    if isinstance(reason, str):
        return reason.rstrip(".")
    known = _REASONS.get(reason.errno) if reason.errno is not None else None
    return known or reason.strerror or str(reason) or type(reason).__name__
