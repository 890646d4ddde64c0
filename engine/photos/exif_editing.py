"""Changes an EXIF block in place: maker notes and everything else stay where they are, byte for byte."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from engine.photos import exif
from engine.photos.exif import Directory, Entry

_WIDTHS, _HEIGHTS = (0x0100, 0xA002), (0x0101, 0xA003)  # ImageWidth and PixelXDimension, ImageLength and ...
_JPEG = b"\xff\xd8"


def with_upright_orientation(block: bytes) -> bytes:
    """Return the block with its orientation, and its thumbnail's, set to 1."""
    out = bytearray(block)
    for ifd in _of_pictures(block):
        _set(out, ifd.find(exif.ORIENTATION), 1)
    return bytes(out)


def with_size(block: bytes, width: int, height: int) -> bytes:
    """Return the block with the picture's size set wherever IFD0 and the Exif IFD state it."""
    out = bytearray(block)
    first = exif.first_directory(block)
    inner = exif.directory(block, exif.number(block, first.find(exif.EXIF_IFD)) or 0) if first else None
    for ifd in filter(None, (first, inner)):
        _set_size(out, ifd, width, height)
    return bytes(out)


def with_thumbnail(block: bytes, room: int, make: Callable[[int], tuple[bytes, int, int] | None]) -> bytes:
    """Return the block with its JPEG thumbnail, if it has one, replaced.

    make: given the available bytes, returns a JPEG stream with its width and height, or None if it cannot be small
    enough. The new thumbnail replaces the old one in place. If there is too little room, it goes behind the block,
    which may grow to `room` bytes. A thumbnail that cannot be replaced is unlinked, because it shows the old picture.
    """
    first = exif.first_directory(block)
    ifd = exif.linked(block, first.next_position) if first else None
    if first is None or ifd is None:
        return without_thumbnail(block)
    start = exif.number(block, ifd.find(exif.THUMBNAIL_OFFSET)) or 0
    length = exif.number(block, ifd.find(exif.THUMBNAIL_LENGTH)) or 0
    if start < 8 or length < 4 or start + length > len(block) or block[start : start + 2] != _JPEG:
        return without_thumbnail(block)
    out = bytearray(block)
    out[start : start + length] = bytes(length)
    if (made := make(length)) is None:
        start = len(out) + len(out) % 2
        if (made := make(room - start)) is None:
            return without_thumbnail(bytes(out))
        out += bytes(start + len(made[0]) - len(out))
    stream, width, height = made
    out[start : start + len(stream)] = stream
    _set(out, ifd.find(exif.THUMBNAIL_OFFSET), start)
    _set(out, ifd.find(exif.THUMBNAIL_LENGTH), len(stream))
    _set_size(out, ifd, width, height)
    return bytes(out)


def without_thumbnail(block: bytes) -> bytes:
    """Return the block with the pointer to IFD1, the thumbnail's, zeroed, so that the old thumbnail is unlinked."""
    ifd = exif.first_directory(block)
    if ifd is None or ifd.next_position is None:
        return block
    return block[: ifd.next_position] + b"\0\0\0\0" + block[ifd.next_position + 4 :]


def _of_pictures(block: bytes) -> Iterator[Directory]:
    """Yield IFD0 (the picture's) and IFD1 (the thumbnail's)."""
    if first := exif.first_directory(block):
        yield first
        if second := exif.linked(block, first.next_position):
            yield second


def _set_size(out: bytearray, ifd: Directory, width: int, height: int) -> None:
    for entry in ifd.entries:
        if entry.tag in _WIDTHS:
            _set(out, entry, width)
        elif entry.tag in _HEIGHTS:
            _set(out, entry, height)


def _set(out: bytearray, entry: Entry | None, number: int) -> None:
    """Set an entry that holds one unsigned integer; leave it unchanged if it is missing or too small."""
    order = exif.byte_order(out)
    if entry is None or order is None or exif.number(out, entry) is None:
        return
    if entry.type == exif.SHORT and number > 65535:
        return
    struct.pack_into(order + ("H" if entry.type == exif.SHORT else "I"), out, entry.position, number)
