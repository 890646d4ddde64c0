"""Files that the program makes for the user: the sample, pictures that were pasted, kernels drawn by hand.

The sample can be made anew and lies in the cache; what came from the user lies in his data folder, where it stays.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from engine.user_folders import cache_folder, data_folder

PASTED, KERNELS = "pasted", "kernels"


def own_folder(kind: str) -> Path:
    """Return where PASTED pictures or KERNELS lie."""
    return data_folder() / kind


def is_own(photo: Path) -> bool:
    """Whether the program made the photo's file itself, so that results do not belong beside it."""
    return photo.is_relative_to(own_folder(PASTED)) or photo.is_relative_to(cache_folder())


def keep(kind: str, name: str, write: Callable[[BinaryIO], object]) -> Path:
    """Let `write` fill a new file of that name, whole; where it is taken, of the next one that is free; return which.

    Raise UserError where it cannot be written.
    """
    from engine.photos.errors import unwritable
    from engine.photos.naming import free_path
    from engine.whole_files import write_whole

    wanted = own_folder(kind) / name
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True)
        while True:
            target = free_path(wanted)
            try:
                write_whole(target, write, overwrite=False)
            except FileExistsError:
                continue  # another thread was faster
            return target
    except OSError as error:
        raise unwritable(wanted, error) from error
