"""Reads the TIFF structure that holds EXIF; `exif_editing` changes it in place.

TIFF 6.0, section 2: a header of 8 bytes (byte order, 42, offset of IFD0). An IFD is a count, entries of 12 bytes
(tag, type, count, value or offset of the value) and the offset of the next IFD. Maker notes hold offsets into the
whole block, so the block is never rewritten.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

ORIENTATION = 0x0112
THUMBNAIL_OFFSET, THUMBNAIL_LENGTH = 0x0201, 0x0202
EXIF_IFD = 0x8769
GPS_IFD = 0x8825
INTEROPERABILITY_IFD = 0xA005
PREFIX = b"Exif\0\0"
ByteOrder = Literal["<", ">"]

TYPE_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
_BYTE_ORDERS: dict[bytes, ByteOrder] = {b"II*\0": "<", b"MM\0*": ">"}
SHORT, LONG = 3, 4
_COLOR_SPACE, _SRGB, _ADOBE_RGB = 0xA001, 1, 2
_HEADER = re.compile(rb"II\*\0|MM\0\*")
_FARTHEST_HEADER = 64  # bytes in which the header is searched


@dataclass(frozen=True)
class Entry:
    """One entry of an IFD. field: its last four bytes. position: their offset in the block."""

    tag: int
    type: int
    count: int
    field: bytes
    position: int

    @property
    def size(self) -> int:
        """The bytes of the value; 0 for an unknown type."""
        return TYPE_SIZES.get(self.type, 0) * self.count


@dataclass(frozen=True)
class Directory:
    """The entries of an IFD, and the position of the next IFD's offset; None if the block ends before it."""

    entries: tuple[Entry, ...]
    next_position: int | None

    def find(self, tag: int) -> Entry | None:
        """Return the first entry with that tag."""
        return next((entry for entry in self.entries if entry.tag == tag), None)


def byte_order(block: bytes | bytearray) -> ByteOrder | None:
    """Return "<" or ">" as for struct; None if the block is no classic TIFF structure."""
    return _BYTE_ORDERS.get(bytes(block[:4]))


def first_directory(block: bytes | bytearray) -> Directory | None:
    """Return IFD0; None if there is no readable one."""
    order = byte_order(block)
    if order is None or len(block) < 8:
        return None
    return directory(block, struct.unpack_from(order + "I", block, 4)[0])


def directory(block: bytes | bytearray, offset: int) -> Directory | None:
    """Return the IFD at `offset` with its entries inside the block; None if there are none."""
    order = byte_order(block)
    if order is None or offset < 8 or offset + 2 > len(block):
        return None
    stated = struct.unpack_from(order + "H", block, offset)[0]
    count = min(stated, (len(block) - offset - 2) // 12)
    end = offset + 2 + 12 * count
    if count == 0:
        return None
    whole = count == stated and end + 4 <= len(block)
    return Directory(tuple(_entries(block, order, offset + 2, count)), end if whole else None)


def linked(block: bytes | bytearray, position: int | None) -> Directory | None:
    """Return the IFD whose offset is stored at `position`; None if there is no readable one."""
    order = byte_order(block)
    return (
        None
        if order is None or position is None
        else directory(block, struct.unpack_from(order + "I", block, position)[0])
    )


def number(block: bytes | bytearray, entry: Entry | None) -> int | None:
    """Return the value of an entry that holds one unsigned integer in place."""
    order = byte_order(block)
    if entry is None or order is None or entry.count != 1 or entry.type not in (SHORT, LONG, 13):
        return None
    return int(struct.unpack_from(order + ("H" if entry.type == SHORT else "I"), entry.field)[0])


def numbers(block: bytes | bytearray, entry: Entry | None) -> list[int]:
    """Return the values of an entry of unsigned integers; empty if they are not completely inside the block."""
    if entry is None or entry.type not in (SHORT, LONG, 13):
        return []
    found = value(block, entry)
    code = "H" if entry.type == SHORT else "I"
    return list(struct.unpack(f"{byte_order(block) or '<'}{len(found) // struct.calcsize(code)}{code}", found))


def value(block: bytes | bytearray, entry: Entry) -> bytes:
    """Return the bytes of an entry's value; empty if they are not completely inside the block."""
    if entry.size <= 4:
        return entry.field[: entry.size]
    offset = struct.unpack((byte_order(block) or "<") + "I", entry.field)[0]
    found = block[offset : offset + entry.size]
    return bytes(found) if len(found) == entry.size else b""


def says_adobe_rgb(block: bytes) -> bool:
    """Whether the colours are Adobe RGB: by the interoperability index "R03" (DCF 2.0) or by ColorSpace.

    ColorSpace 2 is not in any standard, but older cameras write it. If ColorSpace says sRGB, the index is ignored.
    """
    first = first_directory(block)
    inner = directory(block, number(block, first.find(EXIF_IFD)) or 0) if first else None
    if inner is None:
        return False
    ifd = directory(block, number(block, inner.find(INTEROPERABILITY_IFD)) or 0)
    entry = ifd.find(1) if ifd else None
    index = value(block, entry).rstrip(b"\0") if entry else b""
    space = number(block, inner.find(_COLOR_SPACE))
    return space == _ADOBE_RGB or (index == b"R03" and space != _SRGB)


def unwrapped(block: bytes) -> bytes:
    """Return the block from its TIFF header on, with the zeros that its last IFD lacks.

    Some programs write the prefix of JPEG's segment into PNG, or twice. Some IFDs end directly after their entries.
    """
    header = _HEADER.search(block[:_FARTHEST_HEADER])
    if header is None:
        return block
    block = block[header.start() :]
    return block + bytes(_missing(block))


def _missing(block: bytes) -> int:
    """Return how many bytes of the next IFD's offset (0) are missing at the block's end."""
    order, first = byte_order(block) or "<", first_directory(block)
    if first is None or order is None:
        return 0
    inner = (number(block, first.find(tag)) for tag in (EXIF_IFD, GPS_IFD))
    at = (struct.unpack_from(order + "I", block, 4)[0], *filter(None, inner))
    starts = (start for start in at if 8 <= start <= len(block) - 2)
    ends = (start + 2 + 12 * struct.unpack_from(order + "H", block, start)[0] for start in starts)
    return max((end + 4 - len(block) for end in ends if end <= len(block) < end + 4), default=0)


def orientation(block: bytes | bytearray) -> int | None:
    """Return the orientation tag, 1 to 8; None if it is missing or wrong."""
    ifd = first_directory(block)
    found = number(block, ifd.find(ORIENTATION)) if ifd else None
    return found if found is not None and 1 <= found <= 8 else None


def _entries(block: bytes | bytearray, order: str, start: int, count: int) -> Iterator[Entry]:
    for position in range(start, start + 12 * count, 12):
        tag, kind, length = struct.unpack_from(order + "HHI", block, position)
        yield Entry(tag, kind, length, bytes(block[position + 8 : position + 12]), position + 8)
