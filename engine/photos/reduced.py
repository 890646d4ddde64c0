"""Reads a photo at a reduced size, quickly: for looking at it, not for restoring it.

A JPEG is decoded at a half, a fourth or an eighth of its size, which libjpeg does while it decodes. Of a RAW file the
embedded preview is read, where that is large enough. Everything else is read whole and shrunk.
"""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from engine.luma import LUMA
from engine.photos import exif, jpeg
from engine.photos.decoders.decoded import DAMAGE, DecodingError, check_size
from engine.photos.decoders.raw import reaches_beyond
from engine.photos.formats import sniff
from engine.photos.orientation import upright
from engine.photos.reading import read_photo
from engine.photos.shot import Shot, shot_of
from engine.photos.tiff import exif_block

_log = logging.getLogger(__name__)

LEAST = 1600
"""px of the longer side: a photo is shrunk by factors of 2 as long as it stays at least so large."""


@dataclass(frozen=True, eq=False)
class Reduced:
    """An upright photo at a reduced size.

    samples: H x W (luma) or H x W x 3, uint8, in the file's own profile, `icc`. size: width and height of the photo
    itself. shot: how it was taken. notes: sentences about anything that was read in an unexpected way.
    """

    samples: np.ndarray
    size: tuple[int, int]
    shot: Shot = field(default_factory=Shot)
    notes: tuple[str, ...] = ()
    icc: bytes | None = None

    @property
    def scale(self) -> float:
        """How many px of the photo one px is."""
        return max(self.size) / max(self.samples.shape[:2])

    @property
    def luma(self) -> np.ndarray:
        """The H x W float32 luma in [0, 1]."""
        if self.samples.ndim == 2:
            return self.samples.astype(np.float32) / 255
        return np.asarray(self.samples @ (LUMA / 255), np.float32)


def read_reduced(path: Path, data: bytes, *, colour: bool = False, least: int = LEAST) -> Reduced:
    """Read a photo from the bytes of its file, at a longer side of at least `least` px if it has as many.

    colour: return H x W x 3 samples, not luma. Raise PhotoError for a file that `read_photo` cannot read either.
    """
    kind = sniff(data, path.suffix)
    try:
        if kind == "JPEG":
            return _of_jpeg(data, colour, least)
        if kind == "RAW" and (found := _of_preview(data, colour, least)) is not None:
            return found
    except (*DAMAGE, DecodingError) as error:
        _log.info("%s cannot be read at a reduced size: %s", path, error)
    return _of_whole(path, colour, least)


def _of_jpeg(data: bytes, colour: bool, least: int, block: bytes | None = None) -> Reduced:
    """Decode a JPEG file; block: EXIF that takes the place of its own."""
    image: Image.Image = Image.open(io.BytesIO(data), formats=["JPEG", "MPO"])
    check_size(*image.size, len(data))
    size, mode = image.size, "RGB" if colour else "L"
    longest = max(size)
    if longest >= 2 * least:
        image.draft(mode, (-(-size[0] * least // longest), -(-size[1] * least // longest)))
    elif not colour:
        image.draft(mode, size)
    image.load()
    own = next((found for found in jpeg.exif_blocks(data) if exif.first_directory(found)), None)
    block = block or (exif.unwrapped(own) if own else None)
    samples = np.asarray(image if image.mode == mode else image.convert(mode))
    return replace(_turned(samples, size, block), icc=image.info.get("icc_profile"))


def _of_preview(data: bytes, colour: bool, least: int) -> Reduced | None:
    """Return the preview in a RAW file; None if there is none that is large enough, or if the file is cut short."""
    try:
        import rawpy
    except ImportError:
        return None
    if reaches_beyond(data):
        return None
    try:
        with rawpy.imread(io.BytesIO(data)) as raw:
            preview = raw.extract_thumb()
            size = raw.sizes.width, raw.sizes.height
    except (rawpy.LibRawError, rawpy.NotSupportedError):
        return None
    block = exif_block(data) if exif.byte_order(data) else None
    if preview.format != rawpy.ThumbFormat.JPEG:
        return None
    found = _of_jpeg(bytes(preview.data), colour, least, exif.unwrapped(block) if block else None)
    if max(found.size) < min(least, max(size)):
        return None
    lying = (found.size[0] < found.size[1]) != (size[0] < size[1])
    return replace(found, size=size[::-1] if lying else size)


def _turned(samples: np.ndarray, size: tuple[int, int], block: bytes | None) -> Reduced:
    turn = exif.orientation(block) if block else None
    turned = upright(samples if samples.ndim == 3 else samples[..., None], turn or 1)
    turned = np.ascontiguousarray(turned if samples.ndim == 3 else turned[..., 0])
    return Reduced(turned, size[::-1] if (turn or 1) >= 5 else size, shot_of(block))


def _of_whole(path: Path, colour: bool, least: int) -> Reduced:
    photo = read_photo(path)
    pixels = photo.pixels if colour else np.asarray(photo.pixels @ LUMA)
    factor = 1
    while max(photo.size) >= 2 * factor * least:
        factor *= 2
    if factor > 1:
        small = max(photo.size[0] // factor, 1), max(photo.size[1] // factor, 1)
        pixels = cv2.resize(pixels, small, interpolation=cv2.INTER_AREA)
    samples = (np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8)
    return Reduced(samples, photo.size, shot_of(photo.metadata.exif), photo.notes, photo.metadata.icc)
