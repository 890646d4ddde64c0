"""Names of results: beside the original, never equal to it."""

from __future__ import annotations

import os
import sys
import unicodedata
import zlib
from collections.abc import Collection, Iterable
from itertools import count
from pathlib import Path

from engine.errors import Sentence, UserError
from engine.photos.errors import unwritable
from engine.photos.formats import PICTURE_SUFFIXES, writer_for

TEMPLATE = "{name}-acutance"
"""A result's name without its suffix. {name} stands for the photo's name, {method} for the method's."""

_FORBIDDEN = r'{}/\:*?"<>|'
_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))
_MAX_BYTES = 255  # limit of a name on nearly every file system
_LONGEST_TEMPLATE = 120  # bytes: the photo's own name, the method's and a suffix must also fit


def output_path(
    source: Path,
    target: Path | str | None = None,
    suffix: str | None = None,
    template: str = TEMPLATE,
    method: str = "",
) -> Path:
    """Return the path for the result of `source`.

    Without a target: NAME-acutance.EXT beside it, or as `template` says. `suffix` (".png") replaces EXT; so does .tif
    if EXT cannot be written (RAW, HEIC, BMP). If the target is a folder, or ends in a separator (only a str can: Path
    drops it), the result gets that name inside it. Any other target is the file itself.
    """
    if target is not None and not (Path(target).is_dir() or os.fspath(target).endswith(_SEPARATORS)):
        return Path(target)
    folder = source.parent if target is None else Path(target)
    if suffix is None:
        suffix = source.suffix if writer_for(source) else ".tif"
    before, after = (part.replace("{method}", method) for part in template.split("{name}", 1))
    return folder / _shortened(before + source.stem, after + suffix)


def with_ending(path: Path, suffix: str, known: Collection[str] = PICTURE_SUFFIXES) -> Path:
    """Return a path that a user typed, with `suffix` appended unless it ends in one that is `known`.

    "portrait v1.2" has no suffix: ".2" is part of the name.
    """
    return path if path.suffix.lower() in known else path.with_name(path.name + suffix)


def check_template(template: str) -> str:
    """Return a valid template of names; raise UserError with the reason for an invalid one."""
    rest = template.replace("{name}", "", 1).replace("{method}", "")
    if "{name}" not in template:
        raise UserError("A name needs {name} in it, or all results would be called the same.")
    if any(sign in rest for sign in _FORBIDDEN) or not rest.isprintable():
        raise UserError(
            "A name cannot contain {characters}. It can contain {{name}} (once) and {{method}}.",
            characters=" ".join(_FORBIDDEN),
        )
    if len(os.fsencode(template)) > _LONGEST_TEMPLATE:
        raise UserError("The pattern of names can have at most {most} letters.", most=_LONGEST_TEMPLATE)
    return template


Identity = tuple[int, int]
"""Identifies a file whatever its name: device, and number on it."""


def identities(paths: Iterable[Path]) -> frozenset[Identity]:
    """Return the identities of the files that exist."""
    return frozenset(found for path in paths if (found := _identity(path)) is not None)


def check_target(source: Path, target: Path, overwrite: bool, originals: Collection[Identity] = ()) -> None:
    """Raise UserError if the result of `source` must not or cannot be written to `target`.

    It must not replace the source or any other of the user's `originals`, and no other file unless `overwrite` is
    set.
    """
    if os.path.lexists(target):
        there = _identity(target)
        if there is not None and there == _identity(source):
            raise UserError("{target} is the original, which is never changed.", target=target)
        if there is not None and there in originals:
            raise UserError("{target} is one of the originals, which are never changed.", target=target)
        if not overwrite:
            raise UserError("{target} exists already; --overwrite would replace it.", target=target)
    check_place(target)


def check_place(target: Path) -> None:
    """Raise UserError if no file can be written there, before minutes of work are lost."""
    try:
        if not target.parent.is_dir():
            raise unwritable(target, Sentence("there is no folder {folder}", folder=target.parent))
        if target.is_dir():
            raise unwritable(target, "it is a folder")
    except OSError as error:
        raise unwritable(target, error) from error
    if not os.access(target.parent, os.W_OK):
        raise unwritable(target, "permission is denied")


def place(path: Path) -> str:
    """Return a key that is equal for all spellings of a path on common file systems; the file need not exist."""
    found = unicodedata.normalize("NFC", str(path.resolve()))
    return found.casefold() if sys.platform in ("win32", "darwin") else found


def _identity(path: Path) -> Identity | None:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def free_path(path: Path) -> Path:
    """Return the path itself, or with -2, -3, ... before its suffix if it is taken."""
    if not os.path.lexists(path):
        return path
    tries = (path.with_name(_shortened(path.stem, f"-{number}{path.suffix}")) for number in count(2))
    return next(candidate for candidate in tries if not os.path.lexists(candidate))


def _shortened(stem: str, end: str) -> str:
    """Return stem and end, with the stem shortened so that the name fits a file system.

    A checksum of the whole stem follows the shortened one, so that two long names stay different.
    """
    room = _MAX_BYTES - len(os.fsencode(end))
    if len(os.fsencode(stem)) <= room:
        return stem + end
    mark = f"~{zlib.crc32(os.fsencode(stem)):08x}"
    if room < len(mark):
        return stem[: max(room, 0)] + end if stem.isascii() else end
    while len(os.fsencode(stem)) > room - len(mark):
        stem = stem[:-1]
    return stem + mark + end
