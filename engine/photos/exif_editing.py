"""Changes to an EXIF block in place: maker notes and all that is not meant stay byte for byte where they are."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from engine.photos import exif
from engine.photos.exif import Directory, Entry

_WIDTHS, _HEIGHTS = (0x0100, 0xA002), (0x0101, 0xA003)  # ImageWidth and PixelXDimension, ImageLength and ...
_JPEG = b"\xff\xd8"


def with_upright_orientation(block: bytes) -> bytes:
    """The block with its orientation set to 1, its thumbnail's too."""
    out = bytearray(block)
    for ifd in _of_pictures(block):
        _set(out, ifd.find(exif.ORIENTATION), 1)
    return bytes(out)


def with_size(block: bytes, width: int, height: int) -> bytes:
    """The block with the picture's size set wherever IFD0 and the Exif IFD tell of it."""
    out = bytearray(block)
    first = exif.first_directory(block)
    inner = exif.directory(block, exif.number(block, first.find(exif.EXIF_IFD)) or 0) if first else None
    for ifd in filter(None, (first, inner)):
        _set_size(out, ifd, width, height)
    return bytes(out)


def with_thumbnail(block: bytes, room: int, make: Callable[[int], tuple[bytes, int, int] | None]) -> bytes:
    """The block with its JPEG thumbnail, if it has one, replaced by another.

    make: given the bytes that there are for it, returns a JPEG stream with its width and height, or None if none
    is so small. It goes into the place of the old one or, if that is too small, behind the block, which may grow to
    `room` bytes. A thumbnail that cannot be replaced no longer shows: it is not the picture's any more.
    """
    first = exif.first_directory(block)
    ifd = exif.linked(block, first.next_position) if first else None
    if first is None or ifd is None:
        return block
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
    """The block with the pointer to IFD1, the thumbnail's, zeroed: the old thumbnail no longer shows."""
    ifd = exif.first_directory(block)
    if ifd is None:
        return block
    return block[: ifd.next_position] + b"\0\0\0\0" + block[ifd.next_position + 4 :]


def without_gps(block: bytes) -> bytes | None:
    """The block with its GPS IFD zeroed, values included, and the entry that leads there taken out of IFD0.

    The entries behind it move up within IFD0; nothing else moves. None where nothing is left. What a maker note
    may say of places is the maker's secret and stays.
    """
    ifd = exif.first_directory(block)
    pointer = ifd.find(exif.GPS_IFD) if ifd else None
    if ifd is None or pointer is None:
        return block
    out = bytearray(block)
    start = exif.number(block, pointer) or 0
    gps = exif.directory(block, start)
    if gps is not None:
        for entry in gps.entries:
            if entry.size > 4:
                at = struct.unpack((exif.byte_order(block) or "<") + "I", entry.field)[0]
                if at >= 8:  # not the header, wherever a broken file may point
                    out[at : at + entry.size] = bytes(len(out[at : at + entry.size]))
        out[start : gps.next_position] = bytes(gps.next_position - start)
    return _without(bytes(out), ifd, pointer)


def _without(block: bytes, ifd: Directory, entry: Entry | None) -> bytes | None:
    if entry is None:
        return block
    if len(ifd.entries) == 1:
        return None
    out = bytearray(block)
    at, end = entry.position - 8, ifd.next_position + 4
    first = ifd.entries[0].position - 8
    out[at:end] = out[at + 12 : end] + bytes(12)
    struct.pack_into((exif.byte_order(out) or "<") + "H", out, first - 2, len(ifd.entries) - 1)
    return bytes(out)


def _of_pictures(block: bytes) -> Iterator[Directory]:
    """IFD0, the picture's, and IFD1, the thumbnail's."""
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
    """Set an entry that holds one unsigned integer; one that is missing, or too small for it, stays as it is."""
    order = exif.byte_order(out)
    if entry is None or order is None or exif.number(out, entry) is None:
        return
    if entry.type == exif.SHORT and number > 65535:
        return
    struct.pack_into(order + ("H" if entry.type == exif.SHORT else "I"), out, entry.position, number)
