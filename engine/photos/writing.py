"""Writes a Photo to a file with all its metadata, completely or not at all."""

from __future__ import annotations

import dataclasses
import errno
import logging
import os
from collections.abc import Callable
from pathlib import Path

from engine.errors import Sentence
from engine.photos.decoders.decoded import DAMAGE
from engine.photos.encoders import avif, jpeg, png, tiff, webp
from engine.photos.errors import EncodingError, unwritable
from engine.photos.formats import WRITERS, writer_for
from engine.photos.metadata import without_gps
from engine.photos.naming import check_place
from engine.photos.photo import Photo
from engine.photos.reading import bytes_of
from engine.whole_files import write_whole

_log = logging.getLogger(__name__)

Piece = bytes | memoryview

_LOSSY: dict[str, Callable[[Photo, int | None], list[Piece]]] = {
    "AVIF": avif.encode,
    "JPEG": jpeg.encode,
    "WEBP": webp.encode,
}
_LOSSLESS: dict[str, Callable[[Photo], list[Piece]]] = {"PNG": png.encode, "TIFF": tiff.encode}


def write_photo(
    photo: Photo, path: Path, *, overwrite: bool = False, quality: int | None = None, gps: bool = True
) -> Path:
    """Write a photo in the format of the path's suffix and return the path.

    The bit depth is the photo's own, or the closest that the format has. quality: 1 to 100 for JPEG, WebP (at 100
    lossless) and AVIF; None repeats the photo's own coding, or uses 95 (AVIF: 90). gps: whether to write GPS data.
    `losses.not_kept` lists what the format cannot hold. A photo that is unchanged since it was read is copied as a
    file, if its format stays the same.

    The file appears under its name only when it is complete. Raise PhotoError if the suffix is unknown, the file
    exists and `overwrite` is False, the quality is out of range, the folder is missing or read-only, the disk is
    full, or the photo does not fit the format.
    """
    path = Path(path)
    kind = photo_kind(path)
    if quality is not None and not 1 <= quality <= 100:
        raise unwritable(path, Sentence("the quality must lie between 1 and 100, not {quality}", quality=quality))
    _check_target(path, overwrite)
    if not gps:
        photo = dataclasses.replace(photo, metadata=without_gps(photo.metadata))
    try:
        pieces = _copied(photo, kind, quality) or _encoded(photo, kind, quality)
    except EncodingError as error:
        raise unwritable(path, error) from error
    except MemoryError as error:
        raise unwritable(path, "there is not enough memory") from error
    except DAMAGE as error:  # encoders may raise anything
        _log.error("encoding %s failed", path, exc_info=error)
        raise unwritable(path, Sentence("the encoder fails ({reason})", reason=_first_line(error))) from error
    try:
        write_whole(path, lambda file: file.writelines(pieces), overwrite=overwrite)
    except OSError as error:
        raise unwritable(path, error) from error
    return path


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _copied(photo: Photo, kind: str, quality: int | None) -> list[Piece] | None:
    """Return the photo's own file if it can be copied unchanged."""
    # Parts that reading dropped (a film after the photo) or converted must not silently reappear.
    if kind != photo.format or quality is not None or photo.notes:
        return None
    data = bytes_of(photo)
    return None if data is None else [data]


def _encoded(photo: Photo, kind: str, quality: int | None) -> list[Piece]:
    return _LOSSY[kind](photo, quality) if kind in _LOSSY else _LOSSLESS[kind](photo)


def photo_kind(path: Path) -> str:
    """Return the format for a path; raise PhotoError if none can be written under its name."""
    kind = writer_for(path)
    if kind is None:
        known = tuple(sorted(WRITERS))
        raise unwritable(
            path,
            Sentence('"{suffix}" cannot be written; these can: {known}', suffix=path.suffix, known=known),
        )
    return kind


def _check_target(path: Path, overwrite: bool) -> None:
    """Check for errors before minutes of encoding; only `write_whole` can guarantee success."""
    check_place(path)
    if not overwrite and os.path.lexists(path):
        raise unwritable(path, OSError(errno.EEXIST, ""))
