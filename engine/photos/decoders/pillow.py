"""Reads JPEG, WebP, BMP, AVIF and 8-bit PNG through Pillow; 10- and 12-bit AVIF through libavif."""

from __future__ import annotations

import dataclasses
import io
import logging
import warnings
from typing import Any

import numpy as np
from PIL import Image, JpegImagePlugin, UnidentifiedImageError

from engine.errors import Sentence
from engine.photos import exif, gain_maps, iptc, jpeg, xmp
from engine.photos.boxes import Primary, primary
from engine.photos.colour import cmyk_to_srgb
from engine.photos.decoders.colours import with_dcf_profile, with_profile
from engine.photos.decoders.decoded import GAIN_MAP_LEFT, Decoded, DecodingError, check_size
from engine.photos.metadata import upright_metadata
from engine.photos.photo import Coding, Metadata
from engine.photos.png import png_blocks

_IPTC_RESOURCE = 0x0404
_LOSSLESS = 0xC3  # marker of such a frame
_END_OF_JPEG = b"\xff\xd9"
_BETWEEN_SCANS = (b"\xff\xc4", b"\xff\xda")  # tables and headers of scans; pixel data never looks like this
_FILLED = 128  # the value that libjpeg uses for missing samples
_MOST_MISSING = 0.7  # share of the rows; with fewer, there is no photo to restore
_COMPACT = ("JPEG", "BMP")  # WebP and AVIF can store a flat picture in very few bytes; `png` checks PNG

_log = logging.getLogger(__name__)

warnings.filterwarnings("ignore", module=r"PIL\.TiffImagePlugin")  # for slightly wrong EXIF, which we correct
Image.MAX_IMAGE_PIXELS = None  # `check_size` replaces this limit, because all photos pass through it


def decode(data: bytes, kind: str) -> Decoded:
    """Decode with Pillow; `kind` is the format from `formats.sniff`.

    Raise DecodingError or an error in decoded.DAMAGE.
    """
    frame = jpeg.frame(data) if kind == "JPEG" else None
    if frame is not None and (frame[2] != 8 or frame[3] == _LOSSLESS):
        return _decode_deep_jpeg(data, frame)
    image: Image.Image
    try:
        image = Image.open(io.BytesIO(data), formats=["JPEG", "MPO"] if kind == "JPEG" else [kind])
    except UnidentifiedImageError as error:
        raise DecodingError("it is damaged or no image") from error
    check_size(*image.size, len(data) if kind in _COMPACT else None)
    boxes = primary(data) if kind == "AVIF" else Primary()
    blocks = _blocks(image, data, kind)
    if kind == "AVIF":  # Pillow rewrites EXIF, which moves maker notes
        blocks = dataclasses.replace(blocks, exif=boxes.exif, xmp=boxes.xmp)
    metadata, orientation = upright_metadata(blocks)
    orientation = boxes.orientation if kind == "AVIF" else orientation  # the file's own boxes take precedence
    metadata, said = with_profile(metadata, boxes.colours)
    notes = (*_notes(image, data, kind, metadata), *said, *((GAIN_MAP_LEFT,) if boxes.gain_map else ()))
    if boxes.bits > 8:
        samples, white = _cropped(_deep_samples(data), boxes.crop), 2**boxes.bits - 1
        return Decoded(samples, white, 16, kind, metadata, orientation, Coding(bits=boxes.bits), notes)
    coding = _coding(image, data)
    image, said = _loaded(image, data, kind)
    if image.mode == "CMYK":
        image = cmyk_to_srgb(image, metadata.icc)
        metadata = dataclasses.replace(metadata, icc=None)
    elif kind == "JPEG":
        metadata = with_dcf_profile(metadata)
    samples = _cropped(_samples(image), boxes.crop)
    return Decoded(samples, 255, 8, kind, metadata, orientation, coding, (*notes, *said))


def _decode_deep_jpeg(data: bytes, frame: tuple[int, int, int, int]) -> Decoded:
    """Decode a 12-bit or lossless JPEG, which Pillow does not read."""
    from imagecodecs import jpeg_decode

    width, height, bits, _ = frame
    check_size(width, height, len(data))
    samples = np.asarray(jpeg_decode(data))
    samples = samples if samples.ndim == 3 else samples[..., np.newaxis]
    if samples.shape[2] not in (1, 3) or samples.shape[:2] != (height, width):
        raise DecodingError("its kind of samples is not supported")
    metadata, orientation = upright_metadata(jpeg_metadata(None, data))
    depth = 8 if bits == 8 else 16
    coding = Coding(bits=bits) if depth == 16 else None
    return Decoded(samples, 2**bits - 1, depth, "JPEG", with_dcf_profile(metadata), orientation, coding)


def _loaded(image: Image.Image, data: bytes, kind: str) -> tuple[Image.Image, tuple[str, ...]]:
    """Return the picture with its pixels and notes; of a truncated JPEG, return as much as there is."""
    try:
        image.load()
    except OSError as error:
        if kind != "JPEG" or "truncated" not in str(error):
            raise
        _log.info("a JPEG is cut short; as much of it as there is will be read", exc_info=error)
    else:
        return image, ()
    image = _as_far_as_it_goes(data)
    missing = _rows_missing(np.asarray(image)) / image.height
    if missing >= _MOST_MISSING:
        raise DecodingError("it is cut short")
    if missing:
        percent = max(1, round(100 * missing))
        return image, (
            Sentence("The file is cut short: about {percent} percent of the picture is missing.", percent=percent),
        )
    return image, (
        Sentence("The file is cut short: its last bytes are missing; parts of the picture may be coarse."),
    )


def _as_far_as_it_goes(data: bytes) -> Image.Image:
    """Return the picture of a truncated JPEG as if it ended there, or before the incomplete segment."""
    begun = max(data.rfind(marker) for marker in _BETWEEN_SCANS)
    for part in (data, data[:begun]):
        image = Image.open(io.BytesIO(part + _END_OF_JPEG), formats=["JPEG", "MPO"])
        try:
            image.load()
        except OSError as error:
            if part is not data or "truncated" not in str(error):
                raise
        else:
            break
    return image


def _rows_missing(samples: np.ndarray) -> int:
    """Count the rows at the end that libjpeg filled with its grey."""
    filled = (samples == _FILLED).reshape(len(samples), -1).all(axis=1)
    return len(samples) if filled.all() else int(np.argmin(filled[::-1]))


def _cropped(samples: np.ndarray, crop: tuple[int, int, int, int] | None) -> np.ndarray:
    """Return the visible part of the picture."""
    if crop is None:
        return samples
    left, top, width, height = crop
    return samples[top : top + height, left : left + width]


def _deep_samples(data: bytes) -> np.ndarray:
    """Return the samples of an AVIF file of more than 8 bits: H x W x C uint16."""
    from imagecodecs import avif_decode

    samples = np.asarray(avif_decode(data, index=0))
    return samples if samples.ndim == 3 else samples[..., np.newaxis]


def _blocks(image: Image.Image, data: bytes, kind: str) -> Metadata:
    if kind == "PNG":
        return png_blocks(data)
    return jpeg_metadata(image, data) if kind == "JPEG" else _metadata(image.info)


def jpeg_metadata(image: Image.Image | None, data: bytes) -> Metadata:
    """Return the blocks of a JPEG file. image: as opened by Pillow, for the resolution."""
    blocks, resources = jpeg.exif_blocks(data), jpeg.resources(data)
    packet = jpeg.first_packet(data)
    return Metadata(
        exif=next((block for block in blocks if exif.first_directory(block)), blocks[0] if blocks else None),
        xmp=packet,
        iptc=iptc.from_resources(resources),
        icc=jpeg.profile(data),
        resolution=_metadata(image.info).resolution if image else None,
        others=jpeg.others(data),
        xmp_extended=jpeg.extended_xmp(data, packet),
        gain_map=gain_maps.find(data),
        resources=iptc.other_resources(resources),
    )


def _notes(image: Image.Image, data: bytes, kind: str, metadata: Metadata) -> tuple[str, ...]:
    pictures = getattr(image, "n_frames", 1)
    others = pictures - 1 - (metadata.gain_map is not None)
    said = {
        Sentence("The file holds {count} pictures; only the first is read and kept.", count=pictures): others > 0,
        Sentence("The short film in the file (motion photo) is not kept."): bool(
            metadata.xmp and xmp.has_film(metadata.xmp)
        ),
        Sentence("CMYK was converted to sRGB."): image.mode == "CMYK",
        Sentence("The file holds EXIF twice; only the first is read and kept."): kind == "JPEG"
        and len(jpeg.exif_blocks(data)) > 1,
        Sentence("Content credentials (C2PA) hold for the old picture only and are left out."): kind == "JPEG"
        and jpeg.is_signed(data),
    }
    return tuple(sentence for sentence, true in said.items() if true)


def _samples(image: Image.Image) -> np.ndarray:
    if image.mode in ("P", "PA") or "transparency" in image.info:
        grey = image.mode in ("L", "1")
        alpha = image.mode == "PA" or "transparency" in image.info
        image = image.convert("LA" if grey else "RGBA" if alpha else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode not in ("L", "LA", "RGB", "RGBA"):
        image = image.convert("RGBA" if image.mode in ("RGBa", "La") else "RGB")
    samples = np.asarray(image)
    return samples if samples.ndim == 3 else samples[..., np.newaxis]


def _metadata(info: dict[Any, Any]) -> Metadata:
    block = info.get("exif") or None
    if block is not None:
        block = block.removeprefix(exif.PREFIX)
    resources = info.get("photoshop")
    records = resources.get(_IPTC_RESOURCE) if isinstance(resources, dict) else None
    dpi = info.get("dpi")
    resolution = (float(dpi[0]), float(dpi[1])) if dpi and min(dpi) > 0 else None
    return Metadata(block, info.get("xmp") or None, records or None, info.get("icc_profile") or None, resolution)


def _coding(image: Image.Image, data: bytes) -> Coding | None:
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        tables = tuple(tuple(int(n) for n in table) for _, table in sorted(image.quantization.items()))
        if image.mode == "CMYK":
            return Coding()
        return Coding(tables, max(JpegImagePlugin.get_sampling(image), 0))
    if image.format == "WEBP":
        return Coding(lossless=_has_chunk(data, b"VP8L"))
    return None


def _has_chunk(data: bytes, name: bytes) -> bool:
    position = 12
    while position + 8 <= len(data):
        if data[position : position + 4] == name:
            return True
        size = int.from_bytes(data[position + 4 : position + 8], "little")
        position += 8 + size + size % 2
    return False
