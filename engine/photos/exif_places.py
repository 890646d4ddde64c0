"""Removes the place from an EXIF block: every GPS IFD, copies of its values, and coordinates in texts."""

from __future__ import annotations

import struct

from engine.photos import exif, iptc, places, xmp
from engine.photos.exif import Directory, Entry

_ASCII, _UNDEFINED, _UTF8 = 2, 7, 129
_LINKS = (exif.EXIF_IFD, exif.INTEROPERABILITY_IFD)
_TEXTS_OF_WINDOWS = range(40091, 40096)  # UTF-16
_USER_COMMENT, _MAKER_NOTE = 0x9286, 0x927C
_XMP, _IPTC, _RESOURCES = 700, 33723, 34377
_GEOTIFF = frozenset({33550, 33920, 33922, 34264, 34735, 34736, 34737, 42112})
_TELLING = 16  # bytes of a value whose copies are searched in the block: three fractions, or two


def without_places(block: bytes) -> bytes | None:
    """Return the block without its GPS data, values and copies; None if nothing is left or it cannot be parsed.

    Entries after a removed one move up within their IFD; nothing else moves. Places in a maker note's own format
    stay.
    """
    if exif.first_directory(block) is None:
        return None
    out, values = bytearray(block), set[bytes]()
    try:
        for ifd in _directories(block):
            for entry in ifd.entries:
                if entry.tag == exif.GPS_IFD:
                    values |= _zero_gps(block, out, entry)
        left = [_clean(block, out, ifd) for ifd in _directories(block)]
    except _UnreadableError:
        return None
    for found in values:
        _zero_copies(out, found)
    return bytes(out) if left[0] else None


class _UnreadableError(Exception):
    """The GPS data exists but cannot be found, so no part of the block may be passed on."""


def _directories(block: bytes) -> list[Directory]:
    """Return IFD0, IFD1 and the IFDs that they link to except GPS, each once."""
    found: dict[int, Directory] = {}
    first = exif.first_directory(block)
    waiting = [first, exif.linked(block, first.next_position) if first else None]
    while waiting:
        ifd = waiting.pop(0)
        if ifd is None or ifd.entries[0].position in found:
            continue
        found[ifd.entries[0].position] = ifd
        links = (exif.number(block, ifd.find(tag)) for tag in _LINKS)
        waiting += [exif.directory(block, at) for at in links if at]
    return list(found.values())


def _zero_gps(block: bytes, out: bytearray, pointer: Entry) -> set[bytes]:
    """Zero the IFD that `pointer` leads to; return its values that are long enough to be recognised elsewhere."""
    start = exif.number(block, pointer)
    gps = exif.directory(block, start) if start else None
    if start is None or gps is None:  # also if it leads beyond the block: the values may be anywhere in it
        raise _UnreadableError
    values = set()
    for entry in gps.entries:
        if entry.size == 0 and entry.count:
            raise _UnreadableError
        if entry.size > 4:
            if len(value := exif.value(block, entry)) >= _TELLING and any(value):
                values.add(value)
            _zero_value(block, out, entry)
    end = gps.entries[-1].position + 4
    out[start:end] = bytes(end - start)
    return values


def _zero_value(block: bytes, out: bytearray, entry: Entry) -> None:
    at = struct.unpack((exif.byte_order(block) or "<") + "I", entry.field)[0]
    if entry.size > 4 and at >= 8:  # never the header, even if a broken file points there
        out[at : at + entry.size] = bytes(len(out[at : at + entry.size]))


def _zero_copies(out: bytearray, value: bytes) -> None:
    """Zero copies of a value: in maker notes, and where editors rewrote the IFD."""
    at = out.find(value)
    while at >= 0:
        out[at : at + len(value)] = bytes(len(value))
        at = out.find(value, at + len(value))


def _clean(block: bytes, out: bytearray, ifd: Directory) -> int:
    """Remove entries with a place from an IFD, and coordinates from its texts; return how many entries are left."""
    kept = []
    for entry in ifd.entries:
        if entry.tag == exif.GPS_IFD:
            continue
        if entry.tag in _GEOTIFF:
            _zero_value(block, out, entry)
            continue
        _clean_text(block, out, entry)
        kept.append(entry)
    if len(kept) < len(ifd.entries):
        first, end = ifd.entries[0].position - 8, ifd.entries[-1].position + 4
        table = b"".join(bytes(out[entry.position - 8 : entry.position + 4]) for entry in kept)
        following = bytes(out[end : end + 4]) if ifd.next_position is not None else b""
        room = end - first + len(following)
        out[first : first + room] = (table + following).ljust(room, b"\0")
        struct.pack_into((exif.byte_order(block) or "<") + "H", out, first - 2, len(kept))
    return len(kept)


def _clean_text(block: bytes, out: bytearray, entry: Entry) -> None:
    value = exif.value(block, entry)
    if not value or len(value) <= 4:
        return
    at = struct.unpack((exif.byte_order(block) or "<") + "I", entry.field)[0]
    new = _cleaned(entry, value)
    if new != value:
        out[at : at + len(value)] = new[: len(value)].ljust(len(value), b" " if entry.tag == _XMP else b"\0")


def _cleaned(entry: Entry, value: bytes) -> bytes:
    """Return the value without places, not longer than before."""
    if entry.tag == _XMP:
        return xmp.without_gps(value.rstrip(b"\0")) or b""
    if entry.tag == _IPTC:
        return iptc.without_places(value) or b""
    if entry.tag == _RESOURCES:
        return iptc.resources_without_places(value) or b""
    if entry.tag in _TEXTS_OF_WINDOWS:
        text = value.decode("utf-16-le", "surrogatepass" if len(value) % 2 == 0 else "ignore")
        latin = text.encode("latin-1", "replace")
        blank = places.blanked(latin)
        return value if blank == latin else blank.decode("latin-1").encode("utf-16-le")
    if entry.tag == _USER_COMMENT and b"\0" in value[8:9] + value[9:10]:  # UNICODE, in either order
        return bytes(len(value)) if places.tells_place(value[8:].replace(b"\0", b"")) else value
    is_text = entry.type in (_ASCII, _UTF8) or (entry.type == _UNDEFINED and entry.tag == _USER_COMMENT)
    return places.blanked(value) if is_text else value
