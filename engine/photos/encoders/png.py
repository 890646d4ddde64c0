"""Writes PNG of 8 and 16 bits through libpng; the blocks are inserted as chunks."""

from __future__ import annotations

from engine.photos.encoders.planes import blocks_for, check_sides, interleaved
from engine.photos.photo import Photo
from engine.photos.png import put_blocks

_MAX_SIDE = 1_000_000  # limit of libpng
_LEVEL = 3  # level 6 takes five times as long for 8 % less
_PAETH = 0x80  # libpng's number; trying all filters on each row takes half as long again without a gain


def encode(photo: Photo) -> list[bytes | memoryview]:
    """Encode losslessly; a float photo gets 16 bits."""
    from imagecodecs import png_encode

    check_sides(photo, _MAX_SIDE, "PNG")
    samples = interleaved(photo, 8 if photo.bit_depth == 8 else 16)
    # libpng underestimates its output for pictures of one column; unused room costs nothing.
    room = samples.nbytes + samples.nbytes // 100 + 16 * samples.shape[0] + 4096
    stream = png_encode(samples, level=_LEVEL, filter=_PAETH, out=room)
    return put_blocks(stream, blocks_for(photo))
