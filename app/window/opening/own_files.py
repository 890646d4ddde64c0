"""Files that the program makes for the user: the sample, pasted pictures, drawn kernels.

The sample can be made again, so it is in the cache folder. Pictures and kernels of the user are in the data folder
and stay there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from engine.user_folders import cache_folder, data_folder

PASTED, KERNELS = "pasted", "kernels"


def own_folder(kind: str) -> Path:
    """Return the folder of PASTED pictures or of KERNELS."""
    return data_folder() / kind


def is_own(photo: Path) -> bool:
    """Whether the program made the photo's file itself. Results then do not belong beside it."""
    return photo.is_relative_to(own_folder(PASTED)) or photo.is_relative_to(cache_folder())


def keep(kind: str, name: str, write: Callable[[BinaryIO], object]) -> Path:
    """Let `write` fill a new file of that name, or of the next free one; return its path.

    The file is written completely or not at all. Raise UserError if it cannot be written.
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
