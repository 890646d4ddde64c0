"""Photoshop's image resources and the IPTC in them (Adobe, Photoshop File Formats, "Image Resource Blocks")."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from engine.photos import places

_SIGNATURE = b"8BIM"
_IPTC = 0x0404
_THUMBNAILS = (0x0409, 0x040C)
_EXIF, _XMP = (0x0422, 0x0423), 0x0424


def to_resources(records: bytes) -> bytes:
    """Return IIM records as one resource block without a name."""
    return _SIGNATURE + struct.pack(">HHI", _IPTC, 0, len(records)) + records + b"\0" * (len(records) % 2)


def from_resources(resources: bytes) -> bytes | None:
    """Return the IIM records from resource blocks; None if there are none."""
    return next((body for identifier, body, _ in _blocks(resources) if identifier == _IPTC), None)


def other_resources(resources: bytes) -> bytes | None:
    """Return the blocks without IPTC and without a thumbnail, which would show the old picture; byte for byte."""
    return b"".join(block for number, _, block in _blocks(resources) if number not in (_IPTC, *_THUMBNAILS)) or None


def without_places(records: bytes) -> bytes | None:
    """Return the IIM records without coordinates in their texts; drop what cannot be parsed.

    Places in words (city, country) stay, because somebody wrote them on purpose.
    """
    found = []
    for head, body in _datasets(records):
        text = places.blanked(body)
        if text != body:
            text = text.strip()
        if text or not body:
            found.append(head + _length(len(text)) + text)
    return b"".join(found) or None


def resources_without_places(resources: bytes) -> bytes | None:
    """Return Photoshop's blocks without embedded EXIF and XMP, and with cleaned IPTC."""
    found = []
    for number, body, block in _blocks(resources):
        if number == _IPTC:
            records = without_places(body)
            found.append(to_resources(records) if records else b"")
        elif number not in (*_EXIF, _XMP):
            found.append(block)
    return b"".join(found) or None


def upright_resources(resources: bytes, upright: Callable[[bytes], bytes]) -> bytes:
    """Return the blocks with their EXIF changed by `upright`, which keeps its length."""
    parts = ((number, body, block) for number, body, block in _blocks(resources))
    return b"".join(
        block.replace(body, upright(body), 1) if number in _EXIF else block for number, body, block in parts
    )


def _datasets(records: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (marker, record and number; value) of each whole data set (IIM 4.2, section 1.5)."""
    position = 0
    while records[position : position + 1] == b"\x1c" and position + 5 <= len(records):
        head = records[position : position + 3]
        length, start = int.from_bytes(records[position + 3 : position + 5], "big"), position + 5
        if length & 0x8000:  # the length of the length
            size, start = length & 0x7FFF, start + (length & 0x7FFF)
            length = int.from_bytes(records[start - size : start], "big")
        body = records[start : start + length]
        if len(body) != length:
            return
        yield bytes(head), bytes(body)
        position = start + length


def _length(length: int) -> bytes:
    return struct.pack(">H", length) if length < 0x8000 else struct.pack(">HI", 0x8004, length)


def _blocks(resources: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield (number, body, the whole block) of each whole block."""
    position = 0
    while resources[position : position + 4] == _SIGNATURE and position + 12 <= len(resources):
        identifier = int.from_bytes(resources[position + 4 : position + 6], "big")
        name = resources[position + 6] + 1
        start = position + 6 + name + name % 2
        length = int.from_bytes(resources[start : start + 4], "big")
        body = resources[start + 4 : start + 4 + length]
        end = start + 4 + length + length % 2
        if len(body) != length:
            return
        yield identifier, bytes(body), bytes(resources[position:end]).ljust(end - position, b"\0")
        position = end
