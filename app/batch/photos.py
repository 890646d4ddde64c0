"""Finds the photos of a folder."""

from __future__ import annotations

from pathlib import Path

from engine.errors import UserError
from engine.photos.folders import files_of
from engine.photos.reading import is_photo


def photos_in(folder: Path, recursive: bool, leave_out: Path | None = None) -> list[Path]:
    """Return the photos in order, without those in `leave_out`: results of an earlier batch inside the folder.

    Hidden folders, trash and previews are skipped too.
    """
    if not folder.is_dir():
        raise UserError("{folder} is no folder.", folder=folder)
    inside = leave_out.resolve() if leave_out is not None and leave_out.resolve() != folder.resolve() else None
    found = []
    for path in sorted(files_of(folder, recursive)):
        own = inside is not None and path.resolve().is_relative_to(inside)
        if not own and is_photo(path) and path.is_file():
            found.append(path)
    return found
