"""The chunks of a PNG file (PNG 3rd edition, sections 5 and 11): reads and inserts the metadata blocks."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from engine.photos import iptc
from engine.photos.exif import byte_order, unwrapped
from engine.photos.photo import Metadata
from engine.photos.xmp import in_one

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP_KEYWORD = b"XML:com.adobe.xmp"
_RAW_PROFILE = b"Raw profile type "  # ImageMagick's format, which ExifTool reads too
_XMP_PREFIX = b"http://ns.adobe.com/xap/1.0/\0"
_KEPT = (b"gAMA", b"cHRM", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"tEXt", b"zTXt", b"iTXt")
_METRE = 0.0254  # an inch
_MAX_BLOCK = 1 << 26  # bytes unpacked: a larger profile is a zip bomb


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (type, body) of each whole chunk; stop where the file is cut."""
    position = len(SIGNATURE)
    while position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        body = data[position + 8 : position + 8 + length]
        if len(body) < length:
            return
        yield data[position + 4 : position + 8], body
        position += 12 + length


def png_blocks(data: bytes) -> Metadata:
    """Return the blocks of a PNG file unchanged; a block that cannot be unpacked counts as missing."""
    exif = xmp = icc = resolution = None
    others: list[tuple[str, bytes]] = []
    raw: dict[bytes, bytes | None] = {}
    for kind, body in chunks(data):
        if kind == b"eXIf":
            exif = body
        elif kind == b"iCCP":
            icc = _unpack(body.partition(b"\0")[2][1:])
        elif kind == b"pHYs" and len(body) == 9 and body[8] == 1:
            across, down = struct.unpack(">II", body[:8])
            resolution = (_dots(across), _dots(down)) if across and down else None
        elif kind == b"iTXt" and body.startswith(_XMP_KEYWORD + b"\0"):
            xmp = _international_text(body)
        elif kind in (b"tEXt", b"zTXt") and body.startswith(_RAW_PROFILE):
            keyword, _, text = body.partition(b"\0")
            raw[keyword[len(_RAW_PROFILE) :]] = _raw_profile(text if kind == b"tEXt" else _unpack(text[1:]) or b"")
        elif kind in _KEPT:
            others.append((kind.decode(), body))
    exif = exif or _raw_exif(raw)
    records = raw.get(b"iptc") or raw.get(b"8bim")
    if records and records.startswith(b"8BIM"):
        records = iptc.from_resources(records)
    xmp = xmp or _raw_xmp(raw)
    return Metadata(exif or None, xmp or None, records or None, icc or None, resolution, tuple(others))


def _raw_exif(raw: dict[bytes, bytes | None]) -> bytes | None:
    """Return EXIF from before PNG had a chunk for it: ImageMagick writes it with JPEG's prefix, Google without."""
    bodies = (raw.get(name) or b"" for name in (b"exif", b"APP1", b"app1"))
    return next((body for body in map(unwrapped, bodies) if byte_order(body)), None)


def _raw_xmp(raw: dict[bytes, bytes | None]) -> bytes | None:
    bodies = (raw.get(name) or b"" for name in (b"xmp", b"APP1", b"app1"))
    return next(
        (body.removeprefix(_XMP_PREFIX) for body in bodies if b"<x:xmpmeta" in body or b"<rdf:RDF" in body), None
    )


def text_of(name: str, body: bytes) -> tuple[bytes, bytes | None]:
    """Return keyword and text of a tEXt, zTXt or iTXt chunk; None for a text that cannot be unpacked."""
    keyword, _, rest = body.partition(b"\0")
    if name == "tEXt":
        return keyword, rest
    return keyword, _unpack(rest[1:]) if name == "zTXt" else _international_text(body)


def put_blocks(stream: bytes | bytearray, metadata: Metadata) -> list[bytes | memoryview]:
    """Return an encoded PNG stream with the blocks inserted, as pieces to write in order."""
    after_header = len(SIGNATURE) + 12 + 13
    pieces: list[bytes | memoryview] = [bytes(stream[:after_header])]
    pieces += [_chunk(name.encode(), body) for name, body in metadata.others if name.encode() in _KEPT]
    if metadata.icc:
        pieces.append(_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(metadata.icc)))
    if metadata.resolution:
        across, down = (round(dots / _METRE) for dots in metadata.resolution)
        pieces.append(_chunk(b"pHYs", struct.pack(">IIB", across, down, 1)))
    if metadata.exif:
        pieces.append(_chunk(b"eXIf", metadata.exif))
    if packet := in_one(metadata):
        pieces.append(_chunk(b"iTXt", _XMP_KEYWORD + b"\0\0\0\0\0" + packet))
    if metadata.iptc:
        pieces.append(_chunk(b"zTXt", _RAW_PROFILE + b"iptc\0\0" + zlib.compress(_to_raw_profile(metadata.iptc))))
    return [*pieces, memoryview(stream)[after_header:]]


def _dots(per_metre: int) -> float:
    return round(per_metre * _METRE, 2)  # 11811 per metre are 300 per inch, not 299.9994


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _unpack(packed: bytes) -> bytes | None:
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(packed, _MAX_BLOCK)
    except zlib.error:
        return None
    return found if unpacker.eof else None


def _international_text(body: bytes) -> bytes | None:
    _, _, behind = body.partition(b"\0")
    compressed, rest = behind[:1], behind[2:]
    text = rest.split(b"\0", 2)[-1]  # after language and translated keyword
    return _unpack(text) if compressed == b"\1" else text


def _to_raw_profile(records: bytes) -> bytes:
    resource = iptc.to_resources(records)
    lines = [resource.hex()[start : start + 72] for start in range(0, 2 * len(resource), 72)]
    return f"\niptc\n{len(resource):8}\n".encode() + "\n".join(lines).encode() + b"\n"


def _raw_profile(text: bytes) -> bytes | None:
    lines = text.split(b"\n", 3)
    try:
        return bytes.fromhex(lines[3].decode("ascii"))
    except (IndexError, ValueError):
        return None
