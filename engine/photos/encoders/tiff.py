"""Writes TIFF 6.0 of 8, 16 and 32 (float) bits, deflate with a predictor, by our own code: see `engine.photos.tiff`.

The order in the file: EXIF block (or eight bytes of header), IFD0, its long values, strips.
"""

from __future__ import annotations

import dataclasses
import struct
import zlib
from collections.abc import Iterable

import numpy as np

from engine.photos import exif
from engine.photos.encoders.planes import blocks_for, interleaved
from engine.photos.errors import EncodingError
from engine.photos.exif import ByteOrder
from engine.photos.photo import Metadata, Photo
from engine.photos.samples import strips
from engine.photos.tiff import STRUCTURE, embedded
from engine.photos.xmp import in_one

_BYTE, _SHORT, _LONG, _RATIONAL, _UNDEFINED = 1, 3, 4, 5, 7
_CODES = {_SHORT: "H", _LONG: "I", _RATIONAL: "I"}
_DEFLATE, _LEVEL = 8, 4  # level 6 takes twice the time for one per cent


def encode(photo: Photo) -> list[bytes | memoryview]:
    """Encode losslessly at the photo's bit depth."""
    metadata = blocks_for(photo)
    head, kept, order = _head(metadata.exif)
    if photo.beyond is not None and photo.bit_depth == 32:
        photo = dataclasses.replace(photo, pixels=photo.pixels + photo.beyond)
    samples = interleaved(photo, photo.bit_depth)
    if samples.ndim == 2:
        samples = samples[..., np.newaxis]
    rows, packed = _strips(samples, order)
    tags = _picture_tags(samples, rows) | _block_tags(metadata)
    tags[279] = (_LONG, tuple(len(strip) for strip in packed))
    tags[273] = (_LONG, (0,) * len(packed))
    start = len(head) + len(_directory(tags, kept, order, len(head)))
    if start + sum(map(len, packed)) > 0xFFFFFFFF:
        raise EncodingError("a TIFF file cannot be larger than 4 GiB")
    ends = np.cumsum([start, *map(len, packed)], dtype=np.int64)
    tags[273] = (_LONG, tuple(int(end) for end in ends[:-1]))
    head = head[:4] + struct.pack(order + "I", len(head)) + head[8:]
    return [head, _directory(tags, kept, order, len(head)), *packed]


Tags = dict[int, tuple[int, tuple[int, ...] | bytes]]


def _head(block: bytes | None) -> tuple[bytes, list[exif.Entry], ByteOrder]:
    """Return the file's beginning, the entries of EXIF's IFD0 to keep (with values in it), and the byte order."""
    order = exif.byte_order(block) if block else None
    ifd = exif.first_directory(block) if block else None
    if block is None or order is None or ifd is None:
        return b"II*\0\0\0\0\0", [], "<"
    return embedded(block), [entry for entry in ifd.entries if entry.tag not in STRUCTURE], order


def _strips(samples: np.ndarray, order: ByteOrder) -> tuple[int, list[bytes]]:
    """Return the rows per strip, and the packed strips."""
    height, width, channels = samples.shape
    slices = list(strips(height, width * channels))
    return slices[0].stop, [zlib.compress(_predicted(samples[rows], order), _LEVEL) for rows in slices]


def _predicted(samples: np.ndarray, order: ByteOrder) -> bytes:
    return _floating_differences(samples) if samples.dtype == np.float32 else _differences(samples, order)


def _differences(samples: np.ndarray, order: ByteOrder) -> bytes:
    """Return the differences of TIFF 6.0, section 14: each sample minus its left neighbour, modulo full scale."""
    out = samples.astype(samples.dtype.newbyteorder(order))
    out[:, 1:] -= samples[:, :-1]
    return out.tobytes()


def _floating_differences(samples: np.ndarray) -> bytes:
    """Return the differences of TIFF technical note 3.

    The bytes of a row are sorted by significance, highest first, and then differenced. The result is the same in both
    byte orders.
    """
    rows, width, channels = samples.shape
    sorted_bytes = samples.astype(">f4").view(np.uint8).reshape(rows, width * channels, 4).swapaxes(1, 2)
    flat = np.ascontiguousarray(sorted_bytes).reshape(rows, -1)
    out = flat.copy()
    out[:, channels:] -= flat[:, :-channels]
    return out.tobytes()


def _picture_tags(samples: np.ndarray, rows: int) -> Tags:
    height, width, channels = samples.shape
    floating = samples.dtype == np.float32
    tags: Tags = {
        256: (_LONG, (width,)),
        257: (_LONG, (height,)),
        258: (_SHORT, (8 * samples.dtype.itemsize,) * channels),
        259: (_SHORT, (_DEFLATE,)),
        262: (_SHORT, (1 if channels < 3 else 2,)),
        277: (_SHORT, (channels,)),
        278: (_LONG, (rows,)),
        284: (_SHORT, (1,)),
        317: (_SHORT, (3 if floating else 2,)),
        339: (_SHORT, (3 if floating else 1,) * channels),
    }
    if channels in (2, 4):
        tags[338] = (_SHORT, (2,))  # alpha that is not multiplied into the colours
    return tags


def _block_tags(metadata: Metadata) -> Tags:
    tags: Tags = {}
    if metadata.resolution:
        across, down = metadata.resolution
        tags |= {282: (_RATIONAL, _ratio(across)), 283: (_RATIONAL, _ratio(down)), 296: (_SHORT, (2,))}
    for tag, kind, block in (
        (700, _BYTE, in_one(metadata)),
        (33723, _UNDEFINED, metadata.iptc),
        (34377, _BYTE, metadata.resources),
        (34675, _UNDEFINED, metadata.icc),
    ):
        if block:
            tags[tag] = (kind, block)
    return tags


def _ratio(dots: float) -> tuple[int, int]:
    """Return dots per inch as a fraction; exact for a multiple of 0.0254, as from PNG."""
    denominator = 1 if dots == int(dots) else 10000
    return min(round(dots * denominator), 0xFFFFFFFF), denominator


def _directory(tags: Tags, kept: Iterable[exif.Entry], order: ByteOrder, offset: int) -> bytes:
    """Return IFD0 for position `offset`, entries in the order of their tags, followed by its long values."""
    fields: dict[int, bytes] = {}
    values = b""
    start = offset + 2 + 12 * len({*tags, *(entry.tag for entry in kept)}) + 4
    for tag, (kind, value) in sorted(tags.items()):
        packed = value if isinstance(value, bytes) else struct.pack(f"{order}{len(value)}{_CODES[kind]}", *value)
        count = len(value) // 2 if kind == _RATIONAL else len(value)
        if len(packed) > 4:
            field = struct.pack(order + "I", start + len(values))
            values += packed + b"\0" * (len(packed) % 2)
        else:
            field = packed.ljust(4, b"\0")
        fields[tag] = struct.pack(order + "HHI", tag, kind, count) + field
    for entry in kept:
        fields[entry.tag] = struct.pack(order + "HHI", entry.tag, entry.type, entry.count) + entry.field
    table = b"".join(fields[tag] for tag in sorted(fields))
    return struct.pack(order + "H", len(fields)) + table + b"\0\0\0\0" + values
