"""JPEG, WebP, BMP, AVIF, and PNG of 8 bits through Pillow; AVIF of 10 and 12 bits through libavif itself."""

from __future__ import annotations

import dataclasses
import io
from typing import Any

import numpy as np
from PIL import Image, JpegImagePlugin, UnidentifiedImageError

from engine.errors import Sentence
from engine.photos import exif, gain_maps, iptc, jpeg, xmp
from engine.photos.boxes import Primary, primary
from engine.photos.colour import cmyk_to_srgb
from engine.photos.decoders.colours import with_profile
from engine.photos.decoders.decoded import GAIN_MAP_LEFT, Decoded, DecodingError, check_size
from engine.photos.metadata import upright_metadata
from engine.photos.photo import Coding, Metadata
from engine.photos.png import png_blocks

_IPTC_RESOURCE = 0x0404
_COMPACT = ("JPEG", "BMP")  # WebP and AVIF can say a flat picture in next to no bytes; `png` has looked at PNG

Image.MAX_IMAGE_PIXELS = None  # this is the one door, and `check_size` stands in it


def decode(data: bytes, kind: str) -> Decoded:
    """Decode with Pillow; `kind` is the format found by `formats.sniff`. Raises DecodingError and decoded.DAMAGE."""
    image: Image.Image
    try:
        image = Image.open(io.BytesIO(data), formats=["JPEG", "MPO"] if kind == "JPEG" else [kind])
    except UnidentifiedImageError as error:
        raise DecodingError("it is damaged or no image") from error
    check_size(*image.size, len(data) if kind in _COMPACT else None)
    told = primary(data) if kind == "AVIF" else Primary()
    metadata, orientation = upright_metadata(_blocks(image, data, kind))
    metadata, said = with_profile(metadata, told.colours)
    notes = (*_notes(image, data, kind, metadata), *said, *((GAIN_MAP_LEFT,) if told.gain_map else ()))
    if told.bits > 8:
        samples, white = _deep_samples(data), 2**told.bits - 1
        return Decoded(samples, white, 16, kind, metadata, orientation, Coding(bits=told.bits), notes)
    image.load()
    coding = _coding(image, data)
    if image.mode == "CMYK":
        image = cmyk_to_srgb(image, metadata.icc)
        metadata = dataclasses.replace(metadata, icc=None)
    return Decoded(_samples(image), 255, 8, kind, metadata, orientation, coding, notes)


def _deep_samples(data: bytes) -> np.ndarray:
    """Samples of an AVIF file of more than 8 bits: H x W x C uint16."""
    from imagecodecs import avif_decode

    samples = np.asarray(avif_decode(data, index=0))
    return samples if samples.ndim == 3 else samples[..., np.newaxis]


def _blocks(image: Image.Image, data: bytes, kind: str) -> Metadata:
    if kind == "PNG":
        return png_blocks(data)
    found = _metadata(image.info)
    if kind != "JPEG":
        return found
    return dataclasses.replace(
        found,
        others=jpeg.others(data),
        xmp_extended=jpeg.extended_xmp(data, found.xmp),
        gain_map=gain_maps.find(data),
        resources=iptc.other_resources(jpeg.resources(data)),
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
