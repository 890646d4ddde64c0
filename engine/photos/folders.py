"""Lists the user's own files in a folder: no trash, and no files that programs keep for themselves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

# Trash, previews and snapshots of file systems and network storage. Names that begin with a dot are left out too.
_NOT_THE_USERS = frozenset(
    {"$recycle.bin", "recycler", "recycled", "system volume information", "lost+found", "__macosx"}
    | {"@eadir", "@recycle", "@recently-snapshot", "#recycle", "#snapshot", "~snapshot", "@tmp", "@__thumb"}
)


def files_of(folder: Path, recursive: bool) -> Iterator[Path]:
    """Yield the visible files of a folder; with `recursive`, also those of its subfolders.

    Links to folders are not followed. Hidden folders, trash and previews are skipped. The folder itself is always
    read, because the user asked for it.
    """
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if recursive and not _is_hidden(name)]
        yield from (Path(place) / name for name in names if not name.startswith("."))


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name.casefold() in _NOT_THE_USERS
