"""Writes JPEG through Pillow; the blocks are inserted as APP segments after SOI and JFIF."""

from __future__ import annotations

import io
import struct
from typing import Any

from PIL import Image

from engine.photos.encoders.planes import blocks_for, check_sides, interleaved, over_white
from engine.photos.exif import PREFIX
from engine.photos.gain_maps import list_of_pictures
from engine.photos.jpeg import MAX_BODY, put_segments
from engine.photos.photo import Photo

_MAX_SIDE = 65500  # limit of libjpeg; the format itself allows 65535
_QUALITY = 95


def encode(photo: Photo, quality: int | None) -> list[bytes | memoryview]:
    """Encode at `quality` (1 to 100); without it, use the original's tables, or 95.

    The original's subsampling is kept; without one it is 4:4:4. Alpha is blended with white.
    """
    check_sides(photo, _MAX_SIDE, "JPEG")
    image = Image.fromarray(interleaved(over_white(photo), 8))
    out = io.BytesIO()
    image.save(out, "JPEG", **_settings(photo, quality))
    stream = out.getbuffer()
    header = 4 + int.from_bytes(stream[4:6], "big")  # SOI, and JFIF, which Pillow always writes first
    jfif = _with_resolution(bytes(stream[:header]), photo.metadata.resolution)
    metadata = blocks_for(photo, room=MAX_BODY - len(PREFIX), gain_map=True)
    head = [jfif, *put_segments(metadata)]
    if not metadata.gain_map:
        return [*head, stream[header:]]
    before = sum(map(len, head))
    listed = list_of_pictures(before, before + len(stream) - header, metadata.gain_map)
    return [*head, listed, stream[header:], metadata.gain_map]


def _settings(photo: Photo, quality: int | None) -> dict[str, Any]:
    coding = photo.coding
    settings: dict[str, Any] = {} if photo.grey else {"subsampling": coding.subsampling if coding else 0}
    tables = [list(table) for table in coding.tables] if coding else []
    if quality is None and tables and all(1 <= number <= 255 for table in tables for number in table):
        return settings | {"qtables": tables[:1] if photo.grey else tables}
    return settings | {"quality": _QUALITY if quality is None else quality}


def _with_resolution(header: bytes, resolution: tuple[float, float] | None) -> bytes:
    """Set the resolution in JFIF 1.02: units at byte 13 (1 = dots per inch), densities at 14 and 16."""
    if resolution is None:
        return header
    across, down = (min(max(round(dots), 1), 65535) for dots in resolution)
    return header[:13] + struct.pack(">BHH", 1, across, down) + header[18:]
