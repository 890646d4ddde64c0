"""JPEG through Pillow; the blocks are put in as APP segments behind SOI and JFIF."""

from __future__ import annotations

import io
import logging
import struct
from typing import Any

from PIL import Image

from engine.photos import iptc
from engine.photos.encoders.planes import blocks_for, check_sides, interleaved, over_white
from engine.photos.exif import PREFIX
from engine.photos.photo import Metadata, Photo

_log = logging.getLogger(__name__)
_MAX_SIDE = 65535
_QUALITY = 95
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_ICC = b"ICC_PROFILE\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_MAX_BODY = 65533


def encode(photo: Photo, quality: int | None) -> list[bytes | memoryview]:
    """At `quality` (1 to 100) or, where none is asked for, with the original's tables, else at 95.

    The original's subsampling is kept, 4:4:4 where there was none. Alpha is laid on white.
    """
    check_sides(photo, _MAX_SIDE, "JPEG")
    image = Image.fromarray(interleaved(over_white(photo), 8))
    out = io.BytesIO()
    image.save(out, "JPEG", **_settings(photo, quality))
    stream = out.getbuffer()
    header = 4 + int.from_bytes(stream[4:6], "big")  # SOI, and JFIF, which Pillow always writes first
    segments = _segments(blocks_for(photo))
    jfif = _with_resolution(bytes(stream[:header]), photo.metadata.resolution)
    return [jfif, *segments, stream[header:]]


def _settings(photo: Photo, quality: int | None) -> dict[str, Any]:
    coding = photo.coding
    settings: dict[str, Any] = {} if photo.grey else {"subsampling": coding.subsampling if coding else 0}
    tables = [list(table) for table in coding.tables] if coding else []
    if quality is None and tables and all(1 <= number <= 255 for table in tables for number in table):
        return settings | {"qtables": tables[:1] if photo.grey else tables}
    return settings | {"quality": _QUALITY if quality is None else quality}


def _with_resolution(header: bytes, resolution: tuple[float, float] | None) -> bytes:
    """JFIF 1.02: units at byte 13 (1 = dots per inch), densities at 14 and 16."""
    if resolution is None:
        return header
    across, down = (min(max(round(dots), 1), 65535) for dots in resolution)
    return header[:13] + struct.pack(">BHH", 1, across, down) + header[18:]


def _segments(metadata: Metadata) -> list[bytes]:
    found: list[bytes] = []
    if metadata.exif:
        found.append(_segment(0xE1, PREFIX + metadata.exif))
    if metadata.xmp:
        found.append(_segment(0xE1, _XMP + metadata.xmp))
    if metadata.icc:
        step = _MAX_BODY - len(_ICC) - 2
        parts = [metadata.icc[start : start + step] for start in range(0, len(metadata.icc), step)]
        numbered = enumerate(parts, start=1)
        found += [_segment(0xE2, _ICC + bytes([number, len(parts)]) + part) for number, part in numbered]
    if metadata.iptc:
        found.append(_segment(0xED, _PHOTOSHOP + iptc.to_resources(metadata.iptc)))
    return found


def _segment(marker: int, body: bytes) -> bytes:
    if len(body) > _MAX_BODY:
        _log.warning("a block of %d bytes is too long for JPEG and is left out", len(body))
        return b""
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body
