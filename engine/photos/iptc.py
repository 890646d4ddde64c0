"""Photoshop's image resources and the IPTC in them (Adobe, Photoshop File Formats, "Image Resource Blocks")."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_SIGNATURE = b"8BIM"
_IPTC = 0x0404
_THUMBNAILS = (0x0409, 0x040C)


def to_resources(records: bytes) -> bytes:
    """IIM records as one resource block without a name."""
    return _SIGNATURE + struct.pack(">HHI", _IPTC, 0, len(records)) + records + b"\0" * (len(records) % 2)


def from_resources(resources: bytes) -> bytes | None:
    """The IIM records in a run of resource blocks; None where there are none."""
    return next((body for identifier, body, _ in _blocks(resources) if identifier == _IPTC), None)


def other_resources(resources: bytes) -> bytes | None:
    """The blocks that hold neither IPTC nor a thumbnail, which would show the old picture, byte for byte."""
    return b"".join(block for number, _, block in _blocks(resources) if number not in (_IPTC, *_THUMBNAILS)) or None


def _blocks(resources: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(number, body, the block as it lies there) of each whole block."""
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
