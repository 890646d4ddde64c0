"""Writes files that appear under their name completely or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_TEMPORARY = ".acutance-{}.tmp"


def write_whole(path: Path, write: Callable[[BinaryIO], object], *, overwrite: bool = True) -> None:
    """Let `write` fill a temporary file in the same folder, sync it, then rename it; clean up after a failure.

    A file that is replaced passes its permissions on. Raise FileExistsError where the name is taken and `overwrite`
    is False, OSError for what else goes wrong.
    """
    temporary = path.with_name(_TEMPORARY.format(secrets.token_hex(8)))
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        if overwrite:
            with suppress(OSError):  # there is none, or the disk knows no permissions
                shutil.copymode(path, temporary)
            temporary.replace(path)
        else:
            _name_without_replacing(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Delete incomplete files that a killed process left in a folder; nobody may be writing there."""
    for left in folder.glob(_TEMPORARY.format("?" * 16)):
        left.unlink(missing_ok=True)


def _name_without_replacing(temporary: Path, path: Path) -> None:
    """Rename the file only if the name is still free."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # exFAT, network shares: no hard links; an empty file reserves the name for a moment
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        try:
            temporary.replace(path)
        except OSError:
            path.unlink(missing_ok=True)
            raise
