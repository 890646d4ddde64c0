"""IPTC records in Photoshop's image resources (Adobe, Photoshop File Formats, "Image Resource Blocks")."""

from __future__ import annotations

import struct

_SIGNATURE = b"8BIM"
_IPTC = 0x0404


def to_resources(records: bytes) -> bytes:
    """IIM records as one resource block without a name."""
    return _SIGNATURE + struct.pack(">HHI", _IPTC, 0, len(records)) + records + b"\0" * (len(records) % 2)


def from_resources(resources: bytes) -> bytes | None:
    """The IIM records in a run of resource blocks; None where there are none."""
    position = 0
    while resources[position : position + 4] == _SIGNATURE and position + 12 <= len(resources):
        identifier = int.from_bytes(resources[position + 4 : position + 6], "big")
        name = resources[position + 6] + 1
        start = position + 6 + name + name % 2
        length = int.from_bytes(resources[start : start + 4], "big")
        body = resources[start + 4 : start + 4 + length]
        if identifier == _IPTC and len(body) == length:
            return bytes(body)
        position = start + 4 + length + length % 2
    return None
