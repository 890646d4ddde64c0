"""The metadata blocks of AVIF: EXIF and XMP are items that describe the picture, the profile is a property of it.

ISO/IEC 23008-12, annex A. ISO/IEC 14496-12, section 8.11 for the `meta` box, whose parts are arranged anew.
"""

from __future__ import annotations

import struct

from engine.photos import exif
from engine.photos.boxes import box, boxes, items
from engine.photos.errors import EncodingError
from engine.photos.photo import Metadata
from engine.photos.xmp import in_one

_XMP_TYPE = b"application/rdf+xml"
_OFFSETS_AND_LENGTHS_OF_4 = b"\x44\0"


def put_blocks(stream: bytes, metadata: Metadata) -> list[bytes | memoryview]:
    """Return a stream from libavif with the blocks inserted, as pieces to write in order."""
    added = _added(metadata)
    if not added and not metadata.icc:
        return [stream]
    found = items(stream)
    parts = dict(boxes(stream))
    if found is None or found.boxes[b"iloc"][4:6] != _OFFSETS_AND_LENGTHS_OF_4:
        raise EncodingError("libavif lays its files out in a way that is not known")
    first = max(_identifiers(found.boxes[b"iloc"]), default=0) + 1
    inner = dict(found.boxes)
    inner[b"iinf"] = _listed(inner[b"iinf"], added, first)
    if added:
        inner[b"iref"] = inner.get(b"iref", bytes(4)) + _references(range(first, first + len(added)), found.primary)
    if metadata.icc:
        inner[b"iprp"] = _with_profile(inner[b"iprp"], metadata.icc, found.primary)
    head = box(b"ftyp", parts[b"ftyp"])
    pictures = memoryview(stream)[len(stream) - len(parts[b"mdat"]) :]
    lengths = [len(body) for _, _, body in added]
    size = len(head) + len(_meta(inner, _located(inner[b"iloc"], 0, first, 0, lengths)))
    moved = size + 8 - (len(stream) - len(pictures))
    located = _located(inner[b"iloc"], moved, first, size + 8 + len(pictures), lengths)
    mass = 8 + len(pictures) + sum(lengths)
    if mass > 0xFFFFFFFF:
        raise EncodingError("an AVIF file cannot be larger than 4 GiB here")
    bodies = [body for _, _, body in added]
    return [head, _meta(inner, located), struct.pack(">I", mass) + b"mdat", pictures, *bodies]


def takes_exif(block: bytes) -> bool:
    """Whether libavif reads a file with this block: it refuses blocks without a TIFF header."""
    return exif.byte_order(block) is not None


def _added(metadata: Metadata) -> list[tuple[bytes, bytes, bytes]]:
    """Return (type of the item, bytes after its name, body) for each block."""
    found = []
    if metadata.exif and takes_exif(metadata.exif):
        found.append((b"Exif", b"", bytes(4) + metadata.exif))
    if packet := in_one(metadata):
        found.append((b"mime", _XMP_TYPE + b"\0", packet))
    return found


def _meta(inner: dict[bytes, bytes], located: bytes) -> bytes:
    return box(b"meta", bytes(4), *(box(kind, located if kind == b"iloc" else body) for kind, body in inner.items()))


def _identifiers(iloc: bytes) -> list[int]:
    """Return the ids of the items in a box of version 0, each with one extent."""
    return [struct.unpack_from(">H", iloc, at)[0] for at in range(8, len(iloc), 14)]


def _located(iloc: bytes, moved: int, first: int, start: int, lengths: list[int]) -> bytes:
    """Return the item locations: old items move by `moved` bytes, new items begin at `start`."""
    entries = []
    for at in range(8, len(iloc), 14):
        item, source, extents, offset, length = struct.unpack_from(">HHHII", iloc, at)
        entries.append((item, source, extents, offset + moved, length))
    for number, length in enumerate(lengths):
        entries.append((first + number, 0, 1, start + sum(lengths[:number]), length))
    return iloc[:6] + struct.pack(">H", len(entries)) + b"".join(struct.pack(">HHHII", *entry) for entry in entries)


def _listed(iinf: bytes, added: list[tuple[bytes, bytes, bytes]], first: int) -> bytes:
    count = struct.unpack_from(">H", iinf, 4)[0] + len(added)
    new = [
        box(b"infe", b"\2\0\0\0", struct.pack(">HH", first + number, 0), kind, b"\0", rest)
        for number, (kind, rest, _) in enumerate(added)
    ]
    return iinf[:4] + struct.pack(">H", count) + iinf[6:] + b"".join(new)


def _references(numbers: range, primary: int) -> bytes:
    """Return references that say: each of these items describes the primary item."""
    return b"".join(box(b"cdsc", struct.pack(">HHH", number, 1, primary)) for number in numbers)


def _with_profile(iprp: bytes, icc: bytes, primary: int) -> bytes:
    """Return the properties with the profile appended; the associations become those with 16 bits."""
    parts = dict(boxes(iprp))
    count = len(list(boxes(parts[b"ipco"]))) + 1
    ipma = parts[b"ipma"]
    entries, position = b"", 8
    for _ in range(struct.unpack_from(">I", ipma, 4)[0]):
        item, held = struct.unpack_from(">HB", ipma, position)
        numbers = [(n & 0x80) << 8 | (n & 0x7F) for n in ipma[position + 3 : position + 3 + held]]
        position += 3 + held
        numbers += [count] if item == primary else []
        entries += struct.pack(f">HB{len(numbers)}H", item, len(numbers), *numbers)
    ipco = parts[b"ipco"] + box(b"colr", b"prof", icc)
    return box(b"ipco", ipco) + box(b"ipma", ipma[:3] + b"\1", ipma[4:8], entries)
