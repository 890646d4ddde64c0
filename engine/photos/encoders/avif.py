"""Writes AVIF of 8, 10 and 12 bits through libavif (package imagecodecs), with the blocks as items and a property."""

from __future__ import annotations

import dataclasses

from engine.photos.avif import put_blocks
from engine.photos.encoders.planes import blocks_for, check_sides, interleaved
from engine.photos.photo import Photo

_MAX_SIDE = 32768  # libavif writes larger pictures, but neither it nor a browser reads them
_MAX_PIXELS = 16384 * 16384
_QUALITY = 90
_SPEED = 9  # of 10: 18 s for 45 megapixels; 8 takes 70 s for 7 % less
_DEEPEST = 12
_SRGB, _UNKNOWN = (1, 13), (2, 2)  # code points of primaries and transfer (ITU-T H.273); a profile is more exact
_IDENTITY, _BT601 = 0, 6


def bits_of(photo: Photo) -> int:
    """Return the bits per sample to write: those of the AVIF file that the photo came from, otherwise 8 or 12."""
    if photo.bit_depth == 8:
        return 8
    return (photo.coding and photo.coding.bits) or _DEEPEST


def encode(photo: Photo, quality: int | None) -> list[bytes | memoryview]:
    """Encode lossy at 90 or `quality` with full colour resolution; at 100, lossless.

    Grey is written as three equal channels: with one channel, imagecodecs ignores the quality.
    """
    from imagecodecs import avif_encode

    check_sides(photo, _MAX_SIDE, "AVIF", _MAX_PIXELS)
    metadata, bits = blocks_for(photo, colour=True), bits_of(photo)
    primaries, transfer = _UNKNOWN if metadata.icc else _SRGB
    stream = avif_encode(
        interleaved(dataclasses.replace(photo, grey=False), bits),
        level=_QUALITY if quality is None else quality,
        speed=_SPEED,
        bitspersample=bits,
        pixelformat="444",
        primaries=primaries,
        transfer=transfer,
        matrix=_IDENTITY if quality == 100 else _BT601,
        codec="aom",
    )
    return put_blocks(bytes(stream), metadata)
