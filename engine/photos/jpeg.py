"""Reads the JPEG segments (ITU-T T.81, annex B) that Pillow ignores, and writes all of them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import Sentence
from engine.photos import iptc, xmp
from engine.photos.exif import PREFIX, byte_order, unwrapped
from engine.photos.photo import Metadata

MAX_BODY = 65533
XMP = b"http://ns.adobe.com/xap/1.0/\0"
"""The prefix of the segment that holds the packet."""
_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_EXTENSION_HEADER = len(_EXTENSION) + 32 + 4 + 4  # name, full length, offset
_ICC = b"ICC_PROFILE\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
TONE_MAPPING = b"urn:iso:std:iso:ts:21496:-1\0"
"""The prefix of the segment that belongs to a gain map."""
_COMMENT = 0xFE
# Segments of makers and programs. Not APP0 and APP14, which describe the coding. From APP2, which lists further
# pictures in the file, only the part about a gain map, since we keep that. Not APP11, which may hold a signature of
# the old pixels.
_KEPT = {_COMMENT: "COM"} | {0xE0 + number: f"APP{number}" for number in (1, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15)}
_MARKERS = {name: marker for marker, name in _KEPT.items()} | {"APP2": 0xE2}
_UNDERSTOOD = (PREFIX[:4], XMP, _EXTENSION)
_SIGNATURE_BOX = b"JP"  # JPEG universal metadata boxes, which hold content credentials (C2PA)


def segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield (marker, body, the whole segment) of each whole segment before the picture's data."""
    position = begin = 2
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:  # a fill byte
            position += 1
            continue
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        body = data[position + 4 : position + 2 + length]
        if marker in (0xDA, 0xD9) or length < 2 or len(body) != length - 2:
            return
        position += 2 + length
        yield marker, body, data[begin:position]
        begin = position


def frame(data: bytes) -> tuple[int, int, int, int] | None:
    """Return width, height, bits per sample and the picture's marker (0xC0: baseline, 0xC3: lossless, ...)."""
    for marker, body, _ in segments(data):
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and len(body) >= 6:
            return int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"), body[0], marker
    return None


def exif_blocks(data: bytes) -> list[bytes]:
    """Return each EXIF block; a segment without a TIFF header continues the previous one."""
    found: list[bytes] = []
    for marker, body, _ in segments(data):
        if marker == 0xE1 and body.startswith(PREFIX[:4]):
            block = unwrapped(body)
            if byte_order(block):
                found.append(block)
            elif found:
                found[-1] += body[len(PREFIX) :]
            elif len(body) > len(PREFIX):
                found.append(body[len(PREFIX) :])  # damaged; passed on unchanged
    return found


def first_packet(data: bytes) -> bytes | None:
    """Return the first XMP packet."""
    bodies = (body for marker, body, _ in segments(data) if marker == 0xE1 and body.startswith(XMP))
    return next((body[len(XMP) :] for body in bodies), None)


def profile(data: bytes) -> bytes | None:
    """Return the colour profile, joined from its numbered segments."""
    start = len(_ICC) + 2
    parts = {
        body[len(_ICC)]: body[start:] for marker, body, _ in segments(data) if marker == 0xE2 and body[:12] == _ICC
    }
    return b"".join(part for _, part in sorted(parts.items())) or None


def others(data: bytes) -> tuple[tuple[str, bytes], ...]:
    """Return comments, and application segments of makers and programs."""
    found = []
    for marker, body, _ in segments(data):
        if marker in _KEPT and (marker != 0xE1 or not body.startswith(_UNDERSTOOD)):
            found.append((_KEPT[marker], body))
        elif marker == 0xE2 and body.startswith(TONE_MAPPING):
            found.append(("APP2", body))
    return tuple(found)


def resources(data: bytes) -> bytes:
    """Return Photoshop's image resources, joined from their segments."""
    bodies = (body for marker, body, _ in segments(data) if marker == 0xED and body.startswith(_PHOTOSHOP))
    return b"".join(body[len(_PHOTOSHOP) :] for body in bodies)


def is_signed(data: bytes) -> bool:
    """Whether it carries content credentials, which are valid only for its old pixels."""
    return any(marker == 0xEB and body.startswith(_SIGNATURE_BOX) for marker, body, _ in segments(data))


def extended_xmp(data: bytes, packet: bytes | None) -> bytes | None:
    """Return the second packet that the first one refers to; None if there is none or a part of it is missing."""
    name = xmp.extended_id(packet) if packet else None
    if name is None:
        return None
    parts: dict[int, bytes] = {}
    full = 0
    for marker, body, _ in segments(data):
        rest = body[len(_EXTENSION) :]
        if marker == 0xE1 and body.startswith(_EXTENSION) and rest[:32].upper() == name:
            full = int.from_bytes(rest[32:36], "big")
            parts[int.from_bytes(rest[36:40], "big")] = rest[40:]
    joined = b""
    for offset, part in sorted(parts.items()):
        if offset != len(joined):
            return None
        joined += part
    return joined if joined and len(joined) == full else None


def put_segments(metadata: Metadata) -> list[bytes]:
    """Return the segments that hold the blocks, in the order that other programs expect; see `too_long`."""
    packet, extended = xmp.in_parts(metadata, MAX_BODY - len(XMP))
    found: list[bytes] = []
    if metadata.exif:
        found.append(segment(0xE1, PREFIX + metadata.exif))
    if packet:
        found.append(segment(0xE1, XMP + packet))
    if extended:
        found += _extension_segments(extended)
    if metadata.icc and "the colour profile" not in too_long(metadata):
        parts = _cut(metadata.icc, MAX_BODY - len(_ICC) - 2)
        numbered = enumerate(parts, start=1)
        found += [segment(0xE2, _ICC + bytes([number, len(parts)]) + part) for number, part in numbered]
    if metadata.iptc:
        found.append(segment(0xED, _PHOTOSHOP + iptc.to_resources(metadata.iptc)))
    if metadata.resources:
        found += [segment(0xED, _PHOTOSHOP + part) for part in _cut(metadata.resources, MAX_BODY - len(_PHOTOSHOP))]
    kept = [(name, body) for name, body in metadata.others if name != "APP2" or metadata.gain_map]
    found += [segment(_MARKERS[name], body) for name, body in kept if name in _MARKERS]
    return found


def too_long(metadata: Metadata) -> list[Sentence]:
    """Return sentences about the blocks that are too long for a segment and therefore left out."""
    found = []
    if metadata.exif and len(PREFIX + metadata.exif) > MAX_BODY:
        found.append(Sentence("EXIF"))
    if metadata.iptc and len(_PHOTOSHOP + iptc.to_resources(metadata.iptc)) > MAX_BODY:
        found.append(Sentence("IPTC"))
    if metadata.icc and len(metadata.icc) > 255 * (MAX_BODY - len(_ICC) - 2):
        found.append(Sentence("the colour profile"))
    return found


def _extension_segments(extended: bytes) -> list[bytes]:
    step = MAX_BODY - _EXTENSION_HEADER
    head = _EXTENSION + xmp.digest(extended) + len(extended).to_bytes(4, "big")
    parts = enumerate(_cut(extended, step))
    return [segment(0xE1, head + (index * step).to_bytes(4, "big") + part) for index, part in parts]


def _cut(block: bytes, step: int) -> list[bytes]:
    return [block[start : start + step] for start in range(0, len(block), step)]


def segment(marker: int, body: bytes) -> bytes:
    """Return a segment; empty if the body is too long for one."""
    if len(body) > MAX_BODY:
        return b""
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body
