"""The boxes of AVIF and HEIF files (ISO/IEC 14496-12 and 23008-12): what they tell of the picture they show first."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_FULL = 4  # bytes of version and flags, at the beginning of a full box


@dataclass(frozen=True)
class Primary:
    """The primary picture. bits: of a sample. colours: code points of primaries, transfer and matrix (ITU-T H.273).

    gain_map: whether an auxiliary picture brightens it on HDR screens.
    """

    bits: int = 8
    colours: tuple[int, int, int] | None = None
    gain_map: bool = False


@dataclass
class Items:
    """The boxes of a `meta` box by type, and what its primary item has of properties, as (type, body)."""

    boxes: dict[bytes, bytes]
    primary: int
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(type, body) of each whole box; stops where the file is cut."""
    position = 0
    while position + 8 <= len(data):
        size, head = int.from_bytes(data[position : position + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[position + 8 : position + 16], "big"), 16
        end = len(data) if size == 0 else position + size
        if end < position + head or end > len(data):
            return
        yield data[position + 4 : position + 8], data[position + head : end]
        position = end


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box of those parts."""
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def items(data: bytes) -> Items | None:
    """What the file's `meta` box holds; None where it has none that can be read."""
    meta = next((body for kind, body in boxes(data) if kind == b"meta"), None)
    if meta is None:
        return None
    found = dict(boxes(meta[_FULL:]))
    primary = _identifier(found.get(b"pitm", b""))
    if primary is None:
        return None
    described = dict(boxes(found.get(b"iprp", b"")))
    known = list(boxes(described.get(b"ipco", b"")))
    numbers = _associations(described.get(b"ipma", b"")).get(primary, [])
    return Items(found, primary, [known[number - 1] for number in numbers if 0 < number <= len(known)])


def primary(data: bytes) -> Primary:
    """The primary picture as the file tells of it; what it does not tell is as in the plainest file."""
    found = items(data)
    if found is None:
        return Primary()
    bits, colours = 8, None
    for kind, body in found.properties:
        if kind == b"pixi" and len(body) > _FULL + 1:
            bits = max(body[_FULL + 1 :])
        elif kind == b"colr" and body[:4] == b"nclx" and len(body) >= 10:
            first, second, third = struct.unpack_from(">HHH", body, 4)
            colours = first, second, third
    return Primary(bits, colours, b"hdrgainmap" in found.boxes.get(b"iprp", b"") or _has_tone_map(found))


def _has_tone_map(found: Items) -> bool:
    """Whether there is an item of a tone mapped picture (ISO 21496-1), which a gain map belongs to."""
    listed = found.boxes.get(b"iinf", b"")
    start = _FULL + (2 if listed[:1] == b"\0" else 4)
    return any(kind == b"infe" and b"tmap" in body[:16] for kind, body in boxes(listed[start:]))


def _identifier(body: bytes) -> int | None:
    size = 2 if body[:1] == b"\0" else 4
    return int.from_bytes(body[_FULL : _FULL + size], "big") if len(body) >= _FULL + size else None


def _associations(body: bytes) -> dict[int, list[int]]:
    """Numbers of properties by item, from `ipma`."""
    if len(body) < _FULL + 4:
        return {}
    version, wide = body[0], body[3] & 1
    item_size, number_size = (4 if version else 2), (2 if wide else 1)
    mask = 0x7FFF if wide else 0x7F
    found: dict[int, list[int]] = {}
    position = _FULL + 4
    while position + item_size < len(body):
        item = int.from_bytes(body[position : position + item_size], "big")
        position += item_size
        count, position = body[position], position + 1
        numbers = body[position : position + count * number_size]
        steps = range(0, len(numbers) - number_size + 1, number_size)
        found[item] = [int.from_bytes(numbers[at : at + number_size], "big") & mask for at in steps]
        position += count * number_size
    return found
