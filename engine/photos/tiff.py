"""EXIF inside TIFF files, where the photo's own IFD0 and EXIF's IFD0 are one and the same.

Maker notes hold offsets from the start of the block, so a TIFF that we write begins with the whole EXIF block, byte
for byte at its own offsets; the photo's IFD0 comes behind it and points into it. A TIFF of another program has its
values gathered into a new block.
"""

from __future__ import annotations

import struct

from engine.photos import exif
from engine.photos.exif import Directory, Entry

# What describes the pixels and the blocks kept apart: TIFF 6.0, part 1 to 3, and XMP, IPTC, Photoshop, ICC.
STRUCTURE = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 277, 278, 279, 280, 281, 282, 283, 284, 288, 289}
    | {290, 291, 292, 293, 296, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 330, 332, 336, 337, 338, 339}
    | {340, 341, 342, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532, 700, 33723, 34377, 34675}
    | {
        33421,
        33422,
        *range(50706, 52600),
    }  # colour filters and all of DNG: a result that carried them would pass for RAW
)
_POINTERS = (exif.EXIF_IFD, exif.GPS_IFD, exif.INTEROPERABILITY_IFD)
_PADDINGS = (b"\1", b"\0\2")  # the last byte tells how many there are


def embedded(block: bytes) -> bytes:
    """The block as the beginning of a TIFF file, padded to an even length; its header is still its own."""
    return block + _PADDINGS[len(block) % 2 == 0]


def exif_block(data: bytes) -> bytes | None:
    """The EXIF block of a classic TIFF file; None where its IFD0 tells of nothing but the picture."""
    order = exif.byte_order(data)
    ifd = exif.first_directory(data)
    if order is None or ifd is None:
        return None
    return _embedded_block(data, order, ifd) or _gathered(data, order, ifd)


def _embedded_block(data: bytes, order: str, ifd: Directory) -> bytes | None:
    """The block that `embedded` laid at the beginning: known by an IFD0 of its own that shares its pointers."""
    start = struct.unpack_from(order + "I", data, 4)[0]
    own = exif.directory(data, 8)
    if start <= 10 or own is None or data[start - 1] not in (1, 2):
        return None
    kept = [entry for entry in ifd.entries if entry.tag not in STRUCTURE]
    same = [(entry.tag, entry.field) for entry in own.entries if entry.tag not in STRUCTURE]
    if not kept or [(entry.tag, entry.field) for entry in kept] != same:
        return None
    return data[:4] + struct.pack(order + "I", 8) + data[8 : start - data[start - 1]]


def _gathered(data: bytes, order: str, ifd: Directory) -> bytes | None:
    entries = [entry for entry in ifd.entries if entry.tag not in STRUCTURE and _known(data, entry)]
    if all(entry.tag == exif.ORIENTATION for entry in entries):
        return None
    header = bytes(data[:4]) + struct.pack(order + "I", 8)
    return header + _directory(data, order, entries, 8)


def _known(data: bytes, entry: Entry) -> bool:
    return entry.size > 0 and len(exif.value(data, entry)) == entry.size


def _directory(data: bytes, order: str, entries: list[Entry], offset: int) -> bytes:
    """An IFD of those entries at `offset` of the new block, followed by its values and the IFDs it points to."""
    table, rest = struct.pack(order + "H", len(entries)), b""
    start = offset + 2 + 12 * len(entries) + 4
    for entry in entries:
        found = exif.value(data, entry)
        if entry.tag in _POINTERS and (inner := _inner(data, entry)) is not None:
            field = struct.pack(order + "I", start + len(rest))
            rest += _directory(data, order, inner, start + len(rest))
        elif entry.size <= 4:
            field = entry.field
        else:
            field = struct.pack(order + "I", start + len(rest))
            rest += found + b"\0" * (len(found) % 2)
        table += struct.pack(order + "HHI", entry.tag, entry.type, entry.count) + field
    return table + b"\0\0\0\0" + rest


def _inner(data: bytes, pointer: Entry) -> list[Entry] | None:
    """The entries of the IFD that a pointer leads to, less those that lead on and would go round in a circle."""
    ifd = exif.directory(data, exif.number(data, pointer) or 0)
    if ifd is None:
        return None
    deeper = (exif.INTEROPERABILITY_IFD,) if pointer.tag == exif.EXIF_IFD else ()
    shallow = [entry for entry in ifd.entries if entry.tag not in _POINTERS or entry.tag in deeper]
    return [entry for entry in shallow if _known(data, entry)]
