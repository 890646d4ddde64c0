"""Reads the boxes of AVIF and HEIF files (ISO/IEC 14496-12 and 23008-12) about the picture that is shown first."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_FULL = 4  # bytes of version and flags, at the beginning of a full box


@dataclass(frozen=True)
class Primary:
    """The primary picture. bits: of a sample. colours: code points of primaries, transfer and matrix (ITU-T H.273).

    gain_map: whether an auxiliary picture brightens it on HDR screens. orientation: EXIF's number for irot and imir.
    crop: left, top, width, height in px of the visible part (the clean aperture), before rotation.
    exif, xmp: blocks that describe it, byte for byte.
    """

    bits: int = 8
    colours: tuple[int, int, int] | None = None
    gain_map: bool = False
    orientation: int = 1
    crop: tuple[int, int, int, int] | None = None
    exif: bytes | None = None
    xmp: bytes | None = None


@dataclass
class Items:
    """The boxes of a `meta` box by type, and the properties of its primary item as (type, body)."""

    boxes: dict[bytes, bytes]
    primary: int
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (type, body) of each whole box; stop where the file is cut."""
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
    """Return a box of these parts."""
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def items(data: bytes) -> Items | None:
    """Return the contents of the file's `meta` box; None if it has no readable one."""
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
    """Return the primary picture as the file describes it, with default values for missing information."""
    found = items(data)
    if found is None:
        return Primary()
    bits, colours = 8, None
    properties = dict(found.properties)
    for kind, body in found.properties:
        if kind == b"pixi" and len(body) > _FULL + 1:
            bits = max(body[_FULL + 1 :])
        elif kind == b"av1C" and len(body) > 2 and b"pixi" not in properties:  # AV1 in ISOBMFF, section 2.3
            bits = 8 if not body[2] & 0x40 else 12 if body[2] & 0x20 else 10
        elif kind == b"colr" and body[:4] == b"nclx" and len(body) >= 10:
            first, second, third = struct.unpack_from(">HHH", body, 4)
            colours = first, second, third
    gain_map = b"hdrgainmap" in found.boxes.get(b"iprp", b"") or _has_tone_map(found)
    turn = _ORIENTATIONS.get((_last_bits(properties.get(b"irot"), 3), _last_bits(properties.get(b"imir"), 1)), 1)
    exif, xmp = _described(data, found)
    return Primary(bits, colours, gain_map, turn, _crop(properties), exif, xmp)


# By quarter turns anti-clockwise and axis of the mirror, which comes after (ISO/IEC 23008-12, 6.5.10 and 6.5.12).
_ORIENTATIONS: dict[tuple[int | None, int | None], int] = {
    (1, None): 8,
    (2, None): 3,
    (3, None): 6,
    (1, 1): 7,
    (1, 0): 5,
    (2, 1): 4,
    (2, 0): 2,
    (3, 1): 5,
    (3, 0): 7,
    (0, 1): 2,
    (0, 0): 4,
    (None, 1): 2,
    (None, 0): 4,
}


def _last_bits(body: bytes | None, mask: int) -> int | None:
    return body[0] & mask if body else None


def _crop(properties: dict[bytes, bytes]) -> tuple[int, int, int, int] | None:
    """Return the clean aperture, rounded to whole px; None if there is none, or none within the picture."""
    sides, aperture = properties.get(b"ispe", b""), properties.get(b"clap", b"")
    if len(sides) < _FULL + 8 or len(aperture) < 32:
        return None
    full_width, full_height = struct.unpack_from(">II", sides, _FULL)
    numbers = struct.unpack(">IIIIiIiI", aperture[:32])
    if 0 in numbers[1::2]:
        return None
    width, height, right, down = (over / under for over, under in zip(numbers[::2], numbers[1::2], strict=True))
    left, top = round((full_width - width) / 2 + right), round((full_height - height) / 2 + down)
    width, height = round(width), round(height)
    inside = 0 <= left < left + width <= full_width and 0 <= top < top + height <= full_height
    return (left, top, width, height) if inside else None


def _described(data: bytes, found: Items) -> tuple[bytes | None, bytes | None]:
    """Return EXIF (without the offset before it) and XMP from the items that describe the primary one."""
    listed = found.boxes.get(b"iinf", b"")
    start = _FULL + (2 if listed[:1] == b"\0" else 4)
    exif = xmp = None
    describing = _describing(found)
    for kind, body in boxes(listed[start:]):
        wide = 4 if body[:1] == b"\3" else 2
        if kind != b"infe" or body[:1] not in (b"\2", b"\3") or len(body) < _FULL + wide + 6:
            continue
        item, name = int.from_bytes(body[_FULL : _FULL + wide], "big"), body[_FULL + wide + 2 : _FULL + wide + 6]
        if describing and item not in describing:
            continue
        if name == b"Exif" and exif is None and (block := _item(data, found, item)):
            exif = block[4 + int.from_bytes(block[:4], "big") :] or None
        elif name == b"mime" and xmp is None and b"application/rdf+xml\0" in body:
            xmp = _item(data, found, item) or None
    return exif, xmp


def _describing(found: Items) -> set[int]:
    """Return the items that describe the primary one, according to the file's references."""
    references = found.boxes.get(b"iref", b"")
    wide = 4 if references[:1] == b"\1" else 2
    return {
        int.from_bytes(body[:wide], "big")
        for kind, body in boxes(references[_FULL:])
        if kind == b"cdsc"
        and found.primary.to_bytes(wide, "big") in (body[at : at + wide] for at in range(wide + 2, len(body), wide))
    }


def _item(data: bytes, found: Items, wanted: int) -> bytes:
    """Return the bytes of an item (`iloc`, ISO/IEC 14496-12, section 8.11.3); empty if they are incomplete."""
    body = found.boxes.get(b"iloc", b"")
    if len(body) < 8:
        return b""
    version, sizes = body[0], (body[4] >> 4, body[4] & 15, body[5] >> 4, body[5] & 15 if body[0] else 0)
    wide, at = (4 if version == 2 else 2), 6

    def take(size: int) -> int:
        nonlocal at
        at += size
        if at > len(body):
            raise IndexError
        return int.from_bytes(body[at - size : at], "big")

    try:
        for _ in range(take(wide)):
            item = take(wide)
            method = take(2) & 15 if version else 0
            take(2)
            base = take(sizes[2])
            extents = [(take(sizes[3]), base + take(sizes[0]), take(sizes[1])) for _ in range(take(2))]
            if item == wanted:
                source = found.boxes.get(b"idat", b"") if method == 1 else data
                parts = [source[start : start + size] for _, start, size in extents if method < 2]
                whole = all(len(part) == size for part, (_, _, size) in zip(parts, extents, strict=False))
                return b"".join(parts) if whole else b""
    except IndexError:
        pass
    return b""


def _has_tone_map(found: Items) -> bool:
    """Whether there is an item of a tone mapped picture (ISO 21496-1), which belongs to a gain map."""
    listed = found.boxes.get(b"iinf", b"")
    start = _FULL + (2 if listed[:1] == b"\0" else 4)
    return any(kind == b"infe" and b"tmap" in body[:16] for kind, body in boxes(listed[start:]))


def _identifier(body: bytes) -> int | None:
    size = 2 if body[:1] == b"\0" else 4
    return int.from_bytes(body[_FULL : _FULL + size], "big") if len(body) >= _FULL + size else None


def _associations(body: bytes) -> dict[int, list[int]]:
    """Return the property numbers of each item, from `ipma`."""
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
