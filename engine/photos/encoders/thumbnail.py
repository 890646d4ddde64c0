"""Makes a new EXIF thumbnail of the photo's present look, in the 160 px that DCF specifies."""

from __future__ import annotations

import io

import cv2
from PIL import Image

from engine.photos.colour import to_srgb8
from engine.photos.cutouts import on_white
from engine.photos.photo import Photo

_SIDE = 160
_QUALITIES = (85, 70, 50, 30)


def thumbnail(photo: Photo, room: int) -> tuple[bytes, int, int] | None:
    """Return a JPEG stream of at most `room` bytes, its width and its height; None if it cannot be so small."""
    width, height = photo.size
    scale = min(1.0, _SIDE / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(on_white(photo, photo.pixels), size, interpolation=cv2.INTER_AREA)
    image = Image.fromarray(to_srgb8(photo, small))
    for quality in _QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, subsampling=2)
        if len(out.getvalue()) <= room:
            return out.getvalue(), *size
    return None
