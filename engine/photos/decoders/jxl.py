"""Reads JPEG XL through libjxl (package imagecodecs): 8, 16 and 32 bits, already upright.

imagecodecs returns only samples. EXIF and XMP come from the container's boxes (ISO/IEC 18181-2). The codestream's
header (ISO/IEC 18181-1, annex D) says whether the colours are sRGB; another space cannot be kept.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.errors import Sentence
from engine.photos.decoders.decoded import Decoded, DecodingError, check_size
from engine.photos.metadata import upright_metadata
from engine.photos.photo import Metadata

CODESTREAM = b"\xff\x0a"
CONTAINER = b"\0\0\0\x0cJXL \r\n\x87\n"
_MAX_BLOCK = 1 << 24  # bytes unpacked
_NOTE = Sentence("The colours of this JPEG XL file may not be sRGB; they are read as sRGB.")
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))  # width to height, by number from 1


def decode(data: bytes, kind: str) -> Decoded:
    """Decode a file; raise DecodingError or an error in decoded.DAMAGE."""
    from imagecodecs import jpegxl_decode

    boxes = list(_boxes(data))
    stream = data if data.startswith(CODESTREAM) else _codestream(boxes)
    bits = _Bits(stream[len(CODESTREAM) :])
    check_size(*_size(bits))
    samples = np.asarray(jpegxl_decode(data))
    if samples.dtype not in (np.uint8, np.uint16, np.float32):
        raise DecodingError("its kind of samples is not supported")
    if samples.ndim not in (2, 3) or (samples.ndim == 3 and samples.shape[2] > 4):
        raise DecodingError("it holds more than one picture, or channels that are no colours")
    white = {1: 255, 2: 65535, 4: 1}[samples.dtype.itemsize]
    metadata, _ = upright_metadata(_metadata(boxes))  # libjxl has rotated the picture according to the codestream
    samples = samples if samples.ndim == 3 else samples[..., np.newaxis]
    notes = () if _is_srgb(bits) else (_NOTE,)
    return Decoded(samples, white, 8 * samples.dtype.itemsize, kind, metadata, notes=notes)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    while data.startswith(CONTAINER) and position + 8 <= len(data):
        size, head = int.from_bytes(data[position : position + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[position + 8 : position + 16], "big"), 16
        end = len(data) if size == 0 else position + size
        if size != 0 and size < head:
            return
        yield data[position + 4 : position + 8], data[position + head : end]
        position = end


def _codestream(boxes: list[tuple[bytes, bytes]]) -> bytes:
    for kind, body in boxes:
        if kind in (b"jxlc", b"jxlp"):
            return body if kind == b"jxlc" else body[4:]  # after the number of the part
    raise DecodingError("it is damaged: its picture is missing")


def _metadata(boxes: list[tuple[bytes, bytes]]) -> Metadata:
    found: dict[bytes, bytes] = {}
    for kind, body in boxes:
        if kind == b"brob":
            kind, body = body[:4], _unpacked(body[4:]) if body[:4] in (b"Exif", b"xml ") else b""
        found.setdefault(kind, body)
    exif = found.get(b"Exif", b"")
    start = 4 + int.from_bytes(exif[:4], "big")
    return Metadata(exif=exif[start:] or None, xmp=found.get(b"xml ") or None)


def _unpacked(packed: bytes) -> bytes:
    """Unpack a brotli block; empty if it is damaged or a bomb: a thousand bytes can unpack to a gigabyte."""
    from imagecodecs import BrotliError, brotli_decode

    try:
        return bytes(brotli_decode(packed, out=_MAX_BLOCK))
    except BrotliError:
        return b""


class _Bits:
    """Reads the fields of a codestream, least significant bit first."""

    def __init__(self, data: bytes) -> None:
        self._number = int.from_bytes(data[:512], "little")

    def take(self, count: int) -> int:
        """Read u(count)."""
        value = self._number & ((1 << count) - 1)
        self._number >>= count
        return value

    def choose(self, *choices: tuple[int, int]) -> int:
        """Read a U32: two bits choose (offset, bits of u)."""
        offset, count = choices[self.take(2)]
        return offset + self.take(count)

    def enum(self) -> int:
        """Read an Enum."""
        return self.choose((0, 0), (1, 0), (2, 4), (18, 6))


def _size(bits: _Bits) -> tuple[int, int]:
    """Read a SizeHeader: width and height."""
    small = bits.take(1)
    sides = ((1, 9), (1, 13), (1, 18), (1, 30))
    height = 8 * (bits.take(5) + 1) if small else bits.choose(*sides)
    if ratio := bits.take(3):
        across, down = _RATIOS[ratio - 1]
        return height * across // down, height
    return (8 * (bits.take(5) + 1) if small else bits.choose(*sides)), height


def _is_srgb(bits: _Bits) -> bool:
    """Read ImageMetadata after the size: whether the colours are sRGB; False if there are unknown fields."""
    if bits.take(1):
        return True
    if bits.take(1):
        bits.take(3)
        if bits.take(1):
            _size(bits)
        if bits.take(1) or bits.take(1):  # a preview, an animation
            return False
    _skip_depth(bits)
    bits.take(1)
    extra = bits.choose((0, 0), (1, 0), (2, 4), (1, 12))
    for _ in range(extra):
        if not bits.take(1):  # alpha of another kind
            return False
    bits.take(1)
    if bits.take(1):
        return True
    if bits.take(1):  # an ICC profile
        return False
    space = bits.enum()
    d65 = bits.enum() == 1
    primaries = space == 1 or bits.enum() == 1  # grey has none
    return space in (0, 1) and d65 and primaries and not bits.take(1) and bits.enum() == 13


def _skip_depth(bits: _Bits) -> None:
    if bits.take(1):
        bits.choose((32, 0), (16, 0), (24, 0), (1, 6))
        bits.take(4)
    else:
        bits.choose((8, 0), (10, 0), (12, 0), (1, 6))
