"""Which files of a folder are the user's own: not what lies in the trash, nor what a program keeps for itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

# Trash, previews and snapshots of file systems and network storage; names that begin with a dot are all left out.
_NOT_THE_USERS = frozenset(
    {"$recycle.bin", "recycler", "recycled", "system volume information", "lost+found", "__macosx"}
    | {"@eadir", "@recycle", "@recently-snapshot", "#recycle", "#snapshot", "~snapshot", "@tmp", "@__thumb"}
)


def files_of(folder: Path, recursive: bool) -> Iterator[Path]:
    """Yield the files of a folder that are not hidden; with `recursive`, those of its folders, too.

    Links to folders are not followed. Hidden folders and those of trash and previews are left out, but the folder
    itself is taken whatever it is called: somebody has asked for it.
    """
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if recursive and not _is_hidden(name)]
        yield from (Path(place) / name for name in names if not name.startswith("."))


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name.casefold() in _NOT_THE_USERS
