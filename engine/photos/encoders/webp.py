"""WebP through Pillow, 8 bits."""

from __future__ import annotations

import io

from PIL import Image

from engine.photos.encoders.planes import blocks_for, check_sides, interleaved
from engine.photos.photo import Photo

_MAX_SIDE = 16383
_QUALITY = 95


def encode(photo: Photo, quality: int | None) -> list[bytes | memoryview]:
    """Lossy at 95 or `quality`; lossless at 100, or where nothing is asked for and the photo came from such a file.

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
        quality=80 if lossless else _QUALITY if quality is None else quality,
        exif=metadata.exif or b"",
        xmp=metadata.xmp or b"",
        icc_profile=metadata.icc or b"",
    )
    return [out.getbuffer()]
