"""Writes WebP through Pillow, 8 bits."""

from __future__ import annotations

import io

from PIL import Image

from engine.photos.encoders.planes import blocks_for, check_sides, interleaved
from engine.photos.photo import Photo
from engine.photos.xmp import in_one

_MAX_SIDE = 16383
_QUALITY = 95
_METHOD = 2  # at 45 megapixels 4 takes twice as long (22 s instead of 11 s) and makes no smaller file
_METHOD_LOSSLESS, _EFFORT = 0, 20  # 5 s; Pillow's 4 and 80 take 60 s for 7 % less


def encode(photo: Photo, quality: int | None) -> list[bytes | memoryview]:
    """Encode lossy at 95 or `quality`; lossless at 100, or without `quality` if the photo's own file was.

    WebP has no grey: three equal channels are written.
    """
    check_sides(photo, _MAX_SIDE, "WebP")
    metadata = blocks_for(photo, colour=True)
    lossless = quality == 100 or (quality is None and photo.coding is not None and photo.coding.lossless)
    image = Image.fromarray(interleaved(photo, 8))
    out = io.BytesIO()
    image.convert("RGB" if photo.alpha is None else "RGBA").save(
        out,
        "WEBP",
        lossless=lossless,
        exact=lossless,
        quality=_EFFORT if lossless else _QUALITY if quality is None else quality,
        method=_METHOD_LOSSLESS if lossless else _METHOD,
        exif=metadata.exif or b"",
        xmp=in_one(metadata) or b"",
        icc_profile=metadata.icc or b"",
    )
    return [out.getbuffer()]
