"""TIFF through tifffile: 8, 16 and 32 bits, strips and tiles, planes, palettes, CMYK and LAB; the first page."""

from __future__ import annotations

import dataclasses
import io
import math
from typing import Any

import numpy as np
from PIL import Image

from engine.errors import Sentence
from engine.photos import exif, iptc
from engine.photos.colour import cmyk_to_srgb, lab_to_srgb
from engine.photos.decoders.decoded import Decoded, DecodingError, check_size
from engine.photos.metadata import upright_metadata
from engine.photos.photo import Metadata
from engine.photos.samples import to_float
from engine.photos.tiff import exif_block

_COMPACT = (1, 5, 8, 32773, 32946)  # none, LZW, deflate, PackBits: no more than 2000 : 1
_MAX_SAMPLES = 64  # of a pixel; photos have up to 5, a hostile header 65535
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _CMYK, _YCBCR, _CIELAB = 0, 1, 2, 3, 5, 6, 8


def decode(data: bytes, kind: str) -> Decoded:
    """Raises DecodingError and decoded.DAMAGE."""
    from tifffile import TiffFile

    with TiffFile(io.BytesIO(data)) as file:
        page: Any = file.pages[0]
        _check(page, data)
        notes = _notes(page, len(file.pages))
        metadata, orientation = upright_metadata(_metadata(page, data))
        white = _white(page)
        samples = _first_plane(page)
        samples, white, icc = _to_rgb(page, samples, white, metadata.icc)
    bits = _bits(page)
    depth = 32 if page.dtype.kind == "f" or bits > 16 else 16 if bits > 8 or white == 65535 else 8
    told = _value(page, exif.ORIENTATION)
    if isinstance(told, int) and 1 <= told <= 8:
        orientation = told
    return Decoded(samples, white, depth, kind, dataclasses.replace(metadata, icc=icc), orientation, notes=notes)


def _notes(page: Any, pages: int) -> tuple[str, ...]:
    said = {
        Sentence("This is page 1 of {pages}; the others are not kept.", pages=pages): pages > 1,
        Sentence("CMYK was converted to sRGB."): page.photometric == _CMYK,
        Sentence("CIELAB was converted to sRGB."): page.photometric == _CIELAB,
    }
    return tuple(sentence for sentence, true in said.items() if true)


def _check(page: Any, data: bytes) -> None:
    bits = _bits(page)
    if not 1 <= page.samplesperpixel <= _MAX_SAMPLES:
        raise DecodingError("it has {count} samples a pixel, which no photo has", count=page.samplesperpixel)
    held = len(data) if page.compression in _COMPACT else None
    check_size(page.imagewidth, page.imagelength, held, page.samplesperpixel * bits / 8)
    if page.imagedepth != 1:
        raise DecodingError("it is a volume, not a photo")
    if len(page.dataoffsets) < math.prod(page.chunked):
        raise DecodingError("it is cut short")
    if sum(page.databytecounts) > len(data):
        raise DecodingError("it is damaged: its parts overlap")
    if any(start + count > len(data) for start, count in zip(page.dataoffsets, page.databytecounts, strict=False)):
        raise DecodingError("it is cut short")
    if page.dtype is None or page.dtype.kind not in "bufc":
        raise DecodingError("its kind of samples is not supported")


def _white(page: Any) -> float:
    if page.dtype.kind == "f":
        return 1
    if page.dtype.kind != "u":
        return 255  # bilevel, made bytes on the way
    bits = _bits(page)
    return 255 if bits <= 8 else float(2**bits - 1)


def _bits(page: Any) -> int:
    return page.bitspersample if isinstance(page.bitspersample, int) else max(page.bitspersample)


def _first_plane(page: Any) -> np.ndarray:
    planes = np.asarray(page.asarray()).reshape(page.shaped)[:, 0]
    samples = planes[0] if planes.shape[0] == 1 else np.moveaxis(planes[..., 0], 0, -1)
    if samples.dtype.kind == "b":
        samples = samples.astype(np.uint8) * np.uint8(255)
    elif samples.dtype.kind == "u" and page.bitspersample in (2, 4) and page.photometric != _PALETTE:
        samples = samples * np.uint8(255 // (2**page.bitspersample - 1))
    elif samples.dtype.kind == "f":
        samples = samples.astype(np.float32, copy=False)
    elif samples.dtype.kind != "u":
        raise DecodingError("its kind of samples is not supported")
    return samples


def _to_rgb(
    page: Any, samples: np.ndarray, white: float, icc: bytes | None
) -> tuple[np.ndarray, float, bytes | None]:
    photometric = int(page.photometric)
    if photometric == _PALETTE:
        colours = page.colormap.T
        for step in (257, 256):  # 8 bits, as nearly always, told in 16: rightly, or as Pillow does
            if not np.any(colours % step):
                return (colours // step).astype(np.uint8)[samples[..., 0]], 255, icc
        return colours[samples[..., 0]], 65535, icc
    if photometric == _CMYK:
        ink = np.ascontiguousarray(samples[..., :4])
        image = Image.fromarray(_bytes(ink, white), "CMYK")
        return np.asarray(cmyk_to_srgb(image, icc)), 255, None
    if photometric == _CIELAB:
        return lab_to_srgb(_lab(samples[..., :3], white)), 1, None
    if photometric not in (_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _YCBCR):
        raise DecodingError("its colour model ({name}) is not supported", name=page.photometric.name)
    colours = 3 if photometric in (_RGB, _YCBCR) else 1
    if samples.shape[2] < colours:
        raise DecodingError("it is damaged: a colour is missing")
    if photometric == _WHITE_IS_ZERO:
        samples = samples.dtype.type(white) - samples
    return samples[..., : colours + _has_alpha(page, colours)], white, icc


def _has_alpha(page: Any, colours: int) -> bool:
    extra = tuple(int(kind) for kind in page.extrasamples)
    return page.samplesperpixel > colours and (not extra or extra[0] in (0, 1, 2))


def _bytes(samples: np.ndarray, white: float) -> np.ndarray:
    if samples.dtype == np.uint8:
        return samples
    return (to_float(samples, white, samples.shape[2]) * 255 + 0.5).astype(np.uint8)


def _lab(samples: np.ndarray, white: float) -> np.ndarray:
    """TIFF 6.0, section 23: L* unsigned, full scale is 100; a*, b* signed, a step is 1 (8 bits) or 1/256 (16)."""
    if samples.dtype.kind == "f":
        return samples
    signed = np.ascontiguousarray(samples).view(f"i{samples.dtype.itemsize}")
    lab = signed.astype(np.float32)
    lab[..., 0] = samples[..., 0] * np.float32(100 / white)
    if samples.dtype.itemsize > 1:
        lab[..., 1:] /= 256
    return lab


def _metadata(page: Any, data: bytes) -> Metadata:
    resources = _bytes_of(page, 34377) or b""
    records = _bytes_of(page, 33723) or iptc.from_resources(resources)
    return Metadata(
        exif=exif_block(data),
        xmp=_bytes_of(page, 700),
        iptc=records,
        icc=_bytes_of(page, 34675),
        resolution=_resolution(page),
        resources=iptc.other_resources(resources),
    )


def _resolution(page: Any) -> tuple[float, float] | None:
    across, down, unit = (_value(page, tag) for tag in (282, 283, 296))
    if not (isinstance(across, tuple) and isinstance(down, tuple) and len(across) == len(down) == 2):
        return None
    if 0 in (*across, *down) or unit == 1:
        return None
    scale = 2.54 if unit == 3 else 1.0
    return across[0] / across[1] * scale, down[0] / down[1] * scale


def _value(page: Any, tag: int) -> Any:
    found = page.tags.get(tag)
    return None if found is None else found.value


def _bytes_of(page: Any, tag: int) -> bytes | None:
    found = _value(page, tag)
    if isinstance(found, bytes):
        return found or None
    if isinstance(found, tuple) and all(isinstance(item, int) for item in found):
        order = page.parent.byteorder  # IPTC is often written as LONG
        return np.array(found, "u1" if page.tags[tag].dtype in (1, 6, 7) else f"{order}u4").tobytes()
    return None
