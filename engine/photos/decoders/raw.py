"""RAW files through LibRaw (package rawpy, optional): camera white balance, sRGB, 16 bits, already upright."""

from __future__ import annotations

import dataclasses
import io

from engine.photos import exif
from engine.photos.decoders import pillow
from engine.photos.decoders.decoded import DAMAGE, Decoded, DecodingError, check_size
from engine.photos.metadata import upright_metadata
from engine.photos.photo import Metadata
from engine.photos.tiff import exif_block


def decode(data: bytes, kind: str) -> Decoded:
    """Raises DecodingError and decoded.DAMAGE."""
    try:
        import rawpy
    except ImportError:
        raise DecodingError("RAW photos need the optional package rawpy, which is not installed") from None
    try:
        with rawpy.imread(io.BytesIO(data)) as raw:
            check_size(raw.sizes.raw_width, raw.sizes.raw_height)
            metadata = _metadata(raw, data)
            samples = raw.postprocess(use_camera_wb=True, output_bps=16, output_color=rawpy.ColorSpace.sRGB)
    except (rawpy.LibRawError, rawpy.NotSupportedError) as error:
        raise DecodingError("it is damaged or of a camera that LibRaw does not know") from error
    return Decoded(samples, 65535, 16, kind, upright_metadata(metadata)[0])


def _metadata(raw: object, data: bytes) -> Metadata:
    """EXIF of the file where it is a TIFF structure, else of the preview inside it; the picture is sRGB now."""
    if exif.byte_order(data):
        return Metadata(exif=exif_block(data))
    try:
        preview = pillow.decode(raw.extract_thumb().data, "JPEG").metadata  # type: ignore[attr-defined]
    except (*DAMAGE, DecodingError):
        return Metadata()
    return dataclasses.replace(preview, icc=None)
