"""Reads RAW files through LibRaw (package rawpy), already upright.

They are developed as shot: with the camera's white balance and brightness (LibRaw would stretch each photo until one
pixel in a hundred is white), without noise reduction. The space is sRGB, not ProPhoto: the networks learned on sRGB
photos, faces are found in them, and few screens show more colours. 16 bits allow shadows to be raised later.
"""

from __future__ import annotations

import dataclasses
import io

import numpy as np

from engine.errors import Sentence
from engine.photos import exif
from engine.photos.colour import srgb_profile
from engine.photos.decoders import pillow
from engine.photos.decoders.decoded import DAMAGE, Decoded, DecodingError, check_size
from engine.photos.metadata import upright_metadata
from engine.photos.photo import Metadata
from engine.photos.tiff import exif_block

_SRGB_GAMMA = (2.4, 12.92)  # LibRaw's default is the curve of BT.709, which darkens shadows when it is read as sRGB
_SUB_IFDS = 0x014A
_COMPRESSION, _JPEG_XL = 259, 52546
_SLACK = 4096  # bytes: a length rounded up to blocks does not mean missing pixels
_NOTE = Sentence("The RAW file was developed as shot: white balance and brightness of the camera, sRGB, 16 bits.")


def decode(data: bytes, kind: str) -> Decoded:
    """Decode a file; raise DecodingError or an error in decoded.DAMAGE."""
    try:
        import rawpy
    except ImportError:
        raise DecodingError("RAW photos need the package rawpy, which is not installed") from None
    try:
        with rawpy.imread(io.BytesIO(data)) as raw:
            check_size(raw.sizes.raw_width, raw.sizes.raw_height)
            metadata = _metadata(raw, data)
            if _is_cut(data, raw.raw_image):
                raise DecodingError("it is cut short")
            samples = raw.postprocess(
                use_camera_wb=True,
                no_auto_bright=True,
                output_bps=16,
                output_color=rawpy.ColorSpace.sRGB,
                gamma=_SRGB_GAMMA,
            )
    except (rawpy.LibRawError, rawpy.NotSupportedError) as error:
        if _is_jpeg_xl(data):
            raise DecodingError("its pixels are packed as JPEG XL, which LibRaw does not read yet") from error
        raise DecodingError("it is damaged or of a camera that LibRaw does not know") from error
    return Decoded(samples, 65535, 16, kind, upright_metadata(metadata)[0], notes=(_NOTE,))


def _is_cut(data: bytes, mosaic: np.ndarray) -> bool:
    """Whether pixels are missing. LibRaw does not report it: it fills them with black or with earlier data."""
    blank = np.ptp(mosaic[-max(1, mosaic.shape[0] // 16) :]) == 0
    return reaches_beyond(data) or (bool(blank) and 8 * len(data) < mosaic.size)


def reaches_beyond(data: bytes) -> bool:
    """Whether a directory of a TIFF structure places pixels after the end of the file."""
    for ifd in _directories(data):
        for starts, lengths in ((273, 279), (324, 325)):
            places = zip(exif.numbers(data, ifd.find(starts)), exif.numbers(data, ifd.find(lengths)), strict=False)
            if any(start + length > len(data) + _SLACK for start, length in places):
                return True
    return False


def _is_jpeg_xl(data: bytes) -> bool:
    """Whether a directory names JPEG XL, as some phones' do since DNG 1.7."""
    return any(_JPEG_XL in exif.numbers(data, ifd.find(_COMPRESSION)) for ifd in _directories(data))


def _directories(data: bytes) -> list[exif.Directory]:
    """Return the first directory of a TIFF structure and those within it."""
    first = exif.first_directory(data)
    inner = [exif.directory(data, at) for at in exif.numbers(data, first.find(_SUB_IFDS))] if first else []
    return [ifd for ifd in (first, *inner) if ifd]


def _metadata(raw: object, data: bytes) -> Metadata:
    """Return EXIF from the file if it is a TIFF structure, otherwise from its preview; the picture is sRGB now."""
    if exif.byte_order(data):
        return Metadata(exif=exif_block(data), icc=srgb_profile())
    try:
        preview = pillow.decode(raw.extract_thumb().data, "JPEG").metadata  # type: ignore[attr-defined]
    except (*DAMAGE, DecodingError):
        return Metadata(icc=srgb_profile())
    return dataclasses.replace(preview, icc=srgb_profile(), others=(), gain_map=None, resources=None)
