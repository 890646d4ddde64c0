"""Reads a file of any supported format into an upright Photo with all its metadata."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.errors import Sentence
from engine.photos.decoders import heif, jxl, pillow, png, raw, tiff
from engine.photos.decoders.colours import with_fitting_profile
from engine.photos.decoders.decoded import DAMAGE, Decoded, DecodingError, memory_left, within
from engine.photos.errors import PhotoError, unreadable
from engine.photos.formats import HEIF_SUFFIXES, RAW_SUFFIXES, READABLE, sniff
from engine.photos.orientation import upright
from engine.photos.photo import Photo
from engine.photos.samples import clip_unit, to_float

_log = logging.getLogger(__name__)

SUFFIXES = READABLE
"""Suffixes, lower case, of files that can be read here; RAW and HEIC only if their optional packages are installed.
"""

_DECODERS: dict[str, Callable[[bytes, str], Decoded]] = {
    "HEIF": heif.decode,
    "JXL": jxl.decode,
    "PNG": png.decode,
    "TIFF": tiff.decode,
    "RAW": raw.decode,
}


def is_photo(path: Path) -> bool:
    """Whether the path's suffix is one of SUFFIXES; the file is not opened."""
    return path.suffix.lower() in SUFFIXES


def read_photo(path: Path, memory: int | None = None) -> Photo:
    """Read a photo; its bytes determine the format, not its suffix.

    memory: budget in bytes for its file and its pixels; None for the free memory. Raise PhotoError if the file is
    missing, no regular file, unreadable, empty, no image, truncated, damaged, changing while it is read, larger than
    a gigapixel or the memory, or of a format whose optional package is missing.
    """
    with within(memory):
        return _read(Path(path))


def bytes_of(photo: Photo) -> bytes | None:
    """Return the photo's file as it was read; None if the photo or its file was changed since then."""
    if photo.version is None or photo.path is None:
        return None
    try:
        data, version = file_bytes(photo.path)
    except PhotoError:  # the file is gone, but the photo is still there
        return None
    return data if version == photo.version else None


def _read(path: Path) -> Photo:
    data, version = file_bytes(path)
    kind = sniff(data, path.suffix)
    if kind is None:
        raise unreadable(path, _no_image(path))
    try:
        decoded = _DECODERS.get(kind, pillow.decode)(data, kind)
    except DecodingError as error:
        raise unreadable(path, error) from error
    except DAMAGE as error:
        _log.info("decoding %s failed", path, exc_info=True)
        raise unreadable(path, _damage(error)) from error
    del data
    photo = _photo(decoded, path)
    object.__setattr__(photo, "version", version)
    return photo


def file_bytes(path: Path) -> tuple[bytes, tuple[int, ...]]:
    """Return the file's bytes at one moment, and values that distinguish them from later contents.

    Raise PhotoError if they cannot be read.
    """
    try:
        before = path.stat()
        if stat.S_ISDIR(before.st_mode):
            raise unreadable(path, "it is a folder")
        if not stat.S_ISREG(before.st_mode):
            raise unreadable(path, "it is no regular file")
        if before.st_size > memory_left():  # a sparse file claims terabytes
            raise MemoryError
        data = path.read_bytes()
        after = path.stat()
    except OSError as error:
        raise unreadable(path, error) from error
    except MemoryError as error:
        raise unreadable(path, "there is not enough memory for a file of that size") from error
    except ValueError as error:  # a NUL in the path
        raise unreadable(path, "this is not the path of a file") from error
    if not data:
        raise unreadable(path, "the file is empty")
    if _version(before) != _version(after) or len(data) != after.st_size:
        raise unreadable(path, "it changed while it was read; another program may still be writing it")
    return data, _version(after)


def _version(state: os.stat_result) -> tuple[int, ...]:
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns


def _no_image(path: Path) -> Sentence:
    if path.suffix.lower() in RAW_SUFFIXES | HEIF_SUFFIXES:
        return Sentence("it is damaged or of a kind that is not supported")
    return Sentence("it is no image, or of a format that is not supported")


def _damage(error: BaseException) -> Sentence:
    if isinstance(error, MemoryError):
        return Sentence("there is not enough memory for a picture of that size")
    if "truncated" in str(error).lower() or isinstance(error, EOFError):
        return Sentence("it is cut short")
    return Sentence("it is damaged")


def _photo(decoded: Decoded, path: Path) -> Photo:
    samples = upright(decoded.samples, decoded.orientation)
    grey = samples.shape[2] <= 2
    has_alpha = samples.shape[2] in (2, 4)
    colours = samples[..., :-1] if has_alpha else samples
    pixels = to_float(colours, decoded.white, 3)
    alpha = to_float(samples[..., -1:], decoded.white, 1)[..., 0] if has_alpha else None
    metadata, said = with_fitting_profile(decoded.metadata, grey)
    notes, beyond = decoded.notes + said, None
    if decoded.white == 1:
        beyond = _beyond(pixels)
        if alpha is not None:
            clip_unit(alpha)
    if beyond is not None:
        notes += (Sentence("Values outside 0 to 1 are kept in 32-bit TIFF, but not restored."),)
    return Photo(
        pixels=pixels,
        alpha=alpha,
        grey=grey,
        bit_depth=decoded.bit_depth,
        format=decoded.format,
        metadata=metadata,
        path=path,
        coding=decoded.coding,
        beyond=beyond,
        notes=notes,
    )


def _beyond(pixels: np.ndarray) -> np.ndarray | None:
    """Clip pixels to [0, 1] in place; return the difference, None if there is none."""
    if pixels.size and pixels.min() >= 0 and pixels.max() <= 1:
        return None
    before = pixels.copy()
    clip_unit(pixels)
    before -= pixels
    return before
