"""Gain maps of JPEG: a second picture, after the first, that brightens it on HDR screens.

Ultra HDR (Google), ISO 21496-1 and Apple's. Each map is a JPEG of its own that the list of pictures refers to (CIPA
DC-007, Multi-Picture Format). Its base is the picture that all screens show, so a map of the blurred photo is right
for the sharp one except at edges of light. Without the map, the photo would be dark on every HDR screen.
"""

from __future__ import annotations

import io
import logging
import re
import struct

import numpy as np
from PIL import Image, JpegImagePlugin

from engine.photos import exif, jpeg, xmp
from engine.photos.orientation import upright

_log = logging.getLogger(__name__)

_LIST = b"MPF\0"
_ENTRIES = 0xB002
_MARKS = (b"http://ns.adobe.com/hdr-gain-map/1.0/", b"urn:com:apple:photo:2020:aux:hdrgainmap", jpeg.TONE_MAPPING)
_PRIMARY = 0x030000  # baseline MP primary image
_ITEM = re.compile(rb"<\w+:Item\s[^<>]*Semantic\s*=\s*[\"']GainMap[\"'][^<>]*>")
_LENGTH = re.compile(rb"(Length\s*=\s*[\"'])\d+")
_VERSION = re.compile(rb"(?<!\s)\s+hdrgm:Version\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_DIRECTORY = re.compile(rb"<(\w+:Directory)>(?:(?!<\w+:Directory>).)*?</\1>", re.DOTALL)


def find(data: bytes) -> bytes | None:
    """Return the gain map of a JPEG file, itself a JPEG file; None if there is none."""
    for start, size in _pictures(data):
        picture = data[start : start + size]
        if picture[:2] == b"\xff\xd8" and len(picture) == size and _is_map(picture):
            return picture
    return None


def turned(gain_map: bytes, orientation: int) -> bytes | None:
    """Return the map of the upright picture, encoded like the old one; None if it cannot be decoded."""
    if orientation not in range(2, 9):
        return gain_map
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(gain_map), formats=["JPEG", "MPO"]) as image:
            tables = [list(image.quantization[number]) for number in sorted(image.quantization)]  # type: ignore[attr-defined]
            sampling = {} if image.mode == "L" else {"subsampling": max(JpegImagePlugin.get_sampling(image), 0)}
            samples = np.ascontiguousarray(_upright(np.asarray(image), orientation))
        Image.fromarray(samples).save(out, "JPEG", qtables=tables, **sampling)
    except (OSError, SyntaxError, ValueError, TypeError, struct.error) as error:
        _log.warning("the gain map is damaged and is left out: %s", error)
        return None
    stream = out.getvalue()
    behind = 4 + int.from_bytes(stream[4:6], "big")  # SOI, and JFIF, which Pillow always writes first
    return stream[:behind] + b"".join(_carried(gain_map)) + stream[behind:]


def without_exif(gain_map: bytes) -> bytes:
    """Return the map without EXIF, and without places in its XMP; the rest of the XMP explains the map."""
    segments = [(body, segment) for _, body, segment in jpeg.segments(gain_map) if not body.startswith(exif.PREFIX)]
    parts = [_without_place(body) if body.startswith(jpeg.XMP) else segment for body, segment in segments]
    end = 2 + sum(len(segment) for _, _, segment in jpeg.segments(gain_map))
    return b"\xff\xd8" + b"".join(parts) + gain_map[end:]


def _without_place(body: bytes) -> bytes:
    packet = xmp.without_gps(body[len(jpeg.XMP) :])
    return jpeg.segment(0xE1, jpeg.XMP + packet) if packet else b""


def announced(packet: bytes, gain_map: bytes) -> bytes:
    """Return the XMP packet with the map's length in its list of the file's contents."""
    return _ITEM.sub(lambda item: _LENGTH.sub(rb"\g<1>%d" % len(gain_map), item[0]), packet)


def renounced(packet: bytes) -> bytes:
    """Return the XMP packet without its references to a gain map, for a picture that does not keep the map."""
    promised = b"hdrgm:Version" in packet
    return _DIRECTORY.sub(b"", _VERSION.sub(b"", packet)) if promised else packet


def list_of_pictures(before: int, primary: int, gain_map: bytes) -> bytes:
    """Return the segment that refers to the map. before: its offset; primary: size of the first picture."""
    head = struct.pack(">4s4sIH", _LIST, b"MM\0*", 8, 3)
    entries = (0xB000, 7, 4, b"0100"), (0xB001, 4, 1, struct.pack(">I", 2)), (_ENTRIES, 7, 32, struct.pack(">I", 50))
    ifd = b"".join(struct.pack(">HHI4s", *entry) for entry in entries) + bytes(4)
    size = 4 + len(head) + len(ifd) + 32
    whole = primary + size
    offset = whole - (before + 4 + len(_LIST))
    pictures = struct.pack(">IIIHHIIIHH", _PRIMARY, whole, 0, 0, 0, 0, len(gain_map), offset, 0, 0)
    return struct.pack(">HH", 0xFFE2, size - 2) + head + ifd + pictures


def _pictures(data: bytes) -> list[tuple[int, int]]:
    """Return (start, size) of the further pictures in the file's list."""
    position = 2
    for marker, body, segment in jpeg.segments(data):
        if marker == 0xE2 and body.startswith(_LIST):
            block = body[len(_LIST) :]
            start = position + len(segment) - len(block)
            ifd = exif.first_directory(block)
            entry = ifd.find(_ENTRIES) if ifd else None
            listed = exif.value(block, entry) if entry else b""
            order = exif.byte_order(block) or "<"
            found = [struct.unpack_from(order + "II", listed, at + 4) for at in range(16, len(listed) - 15, 16)]
            return [(start + offset, size) for size, offset in found if size and offset]
        position += len(segment)
    return []


def _is_map(picture: bytes) -> bool:
    return any(
        mark in body for marker, body, _ in jpeg.segments(picture) if marker in (0xE1, 0xE2) for mark in _MARKS
    )


def _carried(gain_map: bytes) -> list[bytes]:
    """Return the map's segments that describe its meaning: all application segments except JFIF and Adobe's."""
    return [segment for marker, _, segment in jpeg.segments(gain_map) if 0xE1 <= marker <= 0xEF and marker != 0xEE]


def _upright(samples: np.ndarray, orientation: int) -> np.ndarray:
    grey = samples.ndim == 2
    shown = upright(samples[..., np.newaxis] if grey else samples, orientation)
    return shown[..., 0] if grey else shown
