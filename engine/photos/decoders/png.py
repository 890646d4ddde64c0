"""Reads 16-bit PNG, which Pillow would reduce to 8 bits; all other PNG goes through Pillow."""

from __future__ import annotations

import numpy as np

from engine.photos.decoders import pillow
from engine.photos.decoders.decoded import Decoded, DecodingError, check_size
from engine.photos.metadata import upright_metadata
from engine.photos.png import chunks, png_blocks

_BYTES_A_PIXEL = {0: 2, 2: 6, 4: 4, 6: 8}  # by colour type, at 16 bits


def decode(data: bytes, kind: str) -> Decoded:
    """Decode a file; raise DecodingError or an error in decoded.DAMAGE."""
    header = next(chunks(data), (b"", b""))
    if header[0] != b"IHDR" or len(header[1]) != 13:
        raise DecodingError("it is damaged: its header is cut or missing")
    width, height = (int.from_bytes(header[1][at : at + 4], "big") for at in (0, 4))
    depth, colour = header[1][8:10]
    check_size(width, height, len(data), min(depth, 8) / 8)
    if depth != 16:
        return pillow.decode(data, kind)
    from imagecodecs import png_decode

    check_size(width, height, len(data), _BYTES_A_PIXEL.get(colour, 1))
    samples = np.asarray(png_decode(data))
    metadata, orientation = upright_metadata(png_blocks(data))
    samples = samples if samples.ndim == 3 else samples[..., np.newaxis]
    return Decoded(samples, 65535, 16, kind, metadata, orientation)
