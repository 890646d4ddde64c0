"""EXIF inside TIFF files, where the photo's own IFD0 and EXIF's IFD0 are the same.

Maker notes hold offsets from the start of the block. So a TIFF that we write begins with the whole EXIF block, byte
for byte at its own offsets; the photo's IFD0 comes after it and points into it. From a TIFF (or BigTIFF) of another
program, the values are collected into a new block; the maker note keeps its offset if that is small enough.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from engine.photos import exif
from engine.photos.exif import Directory

# Tags about the pixels and the blocks stored separately: TIFF 6.0, part 1 to 3, and XMP, IPTC, Photoshop, ICC.
STRUCTURE = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 277, 278, 279, 280, 281, 282, 283, 284, 288, 289}
    | {290, 291, 292, 293, 296, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 330, 332, 336, 337, 338, 339}
    | {340, 341, 342, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532, 700, 33723, 34377, 34675}
    | {
        33421,
        33422,
        *range(50706, 52600),
    }  # colour filters and all of DNG: a result with these would be mistaken for RAW
    | {32781, 32932, 32995, 32996, 32997, 32998, 37724}  # other tags about pixels, and Photoshop's layers
)
LAYERS = 37724
"""Photoshop's ImageSourceData: the layers, which hold the old picture."""
_PRIVATE = 32768
_FURTHEST = 49152  # bytes: largest offset of a maker note that is kept; a JPEG has 64 KiB for all of EXIF
_LONGEST_UNKNOWN = 4096  # bytes of an unknown private tag; a picture needs more
# Tags known to be descriptive: copyright, place (GeoTIFF), exposure, Windows' XP tags, GDAL's texts, PrintIM.
_DESCRIBE = frozenset(
    {33432, 33550, 33920, 33922, 34264, 34735, 34736, 34737, exif.EXIF_IFD, exif.GPS_IFD, *range(33434, 33438)}
    | {*range(34850, 34868), *range(36864, 37700), *range(40091, 40096), *range(40960, 42241), 50341}
)
_POINTERS = (exif.EXIF_IFD, exif.GPS_IFD, exif.INTEROPERABILITY_IFD)
_MAKER_NOTE = 0x927C
_LONG8, _SLONG8, _IFD8 = 16, 17, 18  # of BigTIFF
_BIG_SIZES = {_LONG8: 8, _SLONG8: 8, _IFD8: 8}
_PADDINGS = (b"\1", b"\0\2")  # the last byte states how many there are


def embedded(block: bytes) -> bytes:
    """Return the block as the beginning of a TIFF file, padded to an even length; its header is still its own."""
    return block + _PADDINGS[len(block) % 2 == 0]


def hides_pixels(tag: int, size: int) -> bool:
    """Whether a tag of IFD0 must be left out: it holds the old picture, or private data large enough to hold it."""
    return tag == LAYERS or (tag >= _PRIVATE and tag not in STRUCTURE | _DESCRIBE and size > _LONGEST_UNKNOWN)


def exif_block(data: bytes, offset: int | None = None) -> bytes | None:
    """Return the EXIF block of a TIFF file; None if its IFD describes only the picture.

    offset: of the picture's IFD, if that is not the first.
    """
    big = _header_of_big(data)
    if big is not None:
        return _gathered(data, big[0], big[1] if offset is None else offset, big=True)
    order = exif.byte_order(data)
    ifd = exif.first_directory(data) if offset is None else exif.directory(data, offset)
    if order is None or ifd is None:
        return None
    start = struct.unpack_from(order + "I", data, 4)[0]
    found = _embedded_block(data, order, ifd) if offset in (None, start) else None
    return found or _gathered(data, order, start if offset is None else offset, big=False)


def _header_of_big(data: bytes) -> tuple[str, int] | None:
    """Return byte order and offset of IFD0 of a BigTIFF file."""
    order = {b"II+\0": "<", b"MM\0+": ">"}.get(bytes(data[:4]))
    if order is None or len(data) < 16:
        return None
    return order, struct.unpack_from(order + "Q", data, 8)[0]


def _embedded_block(data: bytes, order: str, ifd: Directory) -> bytes | None:
    """Return the block that `embedded` put at the beginning, recognised by a second IFD0 with the same pointers."""
    start = struct.unpack_from(order + "I", data, 4)[0]
    own = exif.directory(data, 8)
    if start <= 10 or own is None or data[start - 1] not in (1, 2):
        return None
    kept = [entry for entry in ifd.entries if entry.tag not in STRUCTURE]
    same = [(entry.tag, entry.field) for entry in own.entries if entry.tag not in STRUCTURE]
    if not kept or [(entry.tag, entry.field) for entry in kept] != same:
        return None
    return data[:4] + struct.pack(order + "I", 8) + data[8 : start - data[start - 1]]


@dataclass(frozen=True)
class _Item:
    """A value to copy into a new block. inner: the items of the IFD that it points to. place: its old offset."""

    tag: int
    type: int
    count: int
    value: bytes
    inner: tuple[_Item, ...] = ()
    place: int = 0


def _gathered(data: bytes, order: str, offset: int, big: bool) -> bytes | None:
    found = tuple(_items(data, order, offset, big, _POINTERS))
    items = [item for item in found if item.tag not in STRUCTURE and not hides_pixels(item.tag, len(item.value))]
    if all(item.tag == exif.ORIENTATION for item in items):
        return None
    return _Block(order, items).whole()


def _items(data: bytes, order: str, offset: int, big: bool, pointers: tuple[int, ...]) -> Iterator[_Item]:
    """Return the complete values of the IFD at `offset`. pointers: tags that lead to further IFDs."""
    count_code, size, code, inline = ("Q", 20, "HHQ", 8) if big else ("H", 12, "HHI", 4)
    start = offset + struct.calcsize(count_code)
    if offset < 8 or start > len(data):
        return
    count = struct.unpack_from(order + count_code, data, offset)[0]
    for at in range(start, min(start + size * min(count, 65535), len(data) - size + 1), size):
        tag, kind, number = struct.unpack_from(order + code, data, at)
        length = (exif.TYPE_SIZES | _BIG_SIZES).get(kind, 0) * number
        place = at + size - inline
        if length > inline:
            place = struct.unpack_from(order + ("Q" if big else "I"), data, place)[0]
        value = bytes(data[place : place + length])
        if length == 0 or len(value) != length:
            continue
        if kind in _BIG_SIZES:
            numbers = struct.unpack(f"{order}{number}Q", value)
            if max(numbers) > 0xFFFFFFFF:
                continue
            kind, value = exif.LONG, struct.pack(f"{order}{number}I", *numbers)
        inner: tuple[_Item, ...] = ()
        if tag in pointers and number == 1 and kind in (exif.LONG, 13):
            deeper = (exif.INTEROPERABILITY_IFD,) if tag == exif.EXIF_IFD else ()
            inner = tuple(_items(data, order, struct.unpack(order + "I", value)[0], big, deeper))
        if tag not in _POINTERS or inner:
            yield _Item(tag, kind, number, value, inner, place)


class _Block:
    """Builds an EXIF block: IFD0 at 8, followed by its values and further IFDs, arranged around the maker note."""

    def __init__(self, order: str, items: list[_Item]) -> None:
        self._order, self._items = order, items
        self._end = 8 + self._size(items)
        self._parts: list[tuple[int, bytes]] = []
        self._note = self._maker_note()

    def whole(self) -> bytes:
        """Return the block."""
        self._put(self._items, 8)
        out = bytearray(max(at + len(part) for at, part in self._parts))
        for at, part in self._parts:
            out[at : at + len(part)] = part
        magic = b"II*\0" if self._order == "<" else b"MM\0*"
        out[:8] = magic + struct.pack(self._order + "I", 8)
        return bytes(out)

    def _maker_note(self) -> _Item | None:
        """Return the maker note if it can keep its offset, since its own offsets count from the file's beginning."""
        inner = (item for outer in self._items if outer.tag == exif.EXIF_IFD for item in outer.inner)
        note = next((item for item in inner if item.tag == _MAKER_NOTE and len(item.value) > 4), None)
        return note if note is not None and self._end <= note.place <= _FURTHEST else None

    def _taken(self, size: int) -> int:
        """Return the position of free room for so many bytes, outside the maker note."""
        start, note = self._end, self._note
        if note is not None and start < note.place + len(note.value) and start + size > note.place:
            start = note.place + len(note.value)
            start += start % 2
        self._end = start + size + size % 2
        return start

    def _put(self, items: list[_Item] | tuple[_Item, ...], offset: int) -> None:
        table = struct.pack(self._order + "H", len(items))
        for item in items:
            table += struct.pack(self._order + "HHI", item.tag, item.type, item.count)
            if item.inner:
                at = self._taken(self._size(item.inner))
                self._put(item.inner, at)
                table += struct.pack(self._order + "I", at)
            elif len(item.value) <= 4:
                table += item.value.ljust(4, b"\0")
            else:
                at = item.place if item is self._note else self._taken(len(item.value))
                self._parts.append((at, item.value))
                table += struct.pack(self._order + "I", at)
        self._parts.append((offset, table + b"\0\0\0\0"))

    @staticmethod
    def _size(items: list[_Item] | tuple[_Item, ...]) -> int:
        return 2 + 12 * len(items) + 4
