"""Reads the main page of TIFF through tifffile: 1 to 32 bits, strips and tiles, planes, all usual colour models."""

from __future__ import annotations

import dataclasses
import io
import math
from itertools import islice
from typing import Any

import numpy as np

from engine.errors import Sentence
from engine.photos import exif, iptc
from engine.photos.decoders.colours import with_dcf_profile
from engine.photos.decoders.decoded import Decoded, DecodingError, check_size
from engine.photos.decoders.tiff_colours import (
    CIELAB,
    CMYK,
    RGB,
    YCBCR,
    alpha_channel,
    bits_of,
    kinds_of_more,
    samples_of,
)
from engine.photos.metadata import upright_metadata
from engine.photos.photo import Metadata
from engine.photos.tiff import LAYERS, exif_block, hides_pixels

_COMPACT = (1, 5, 8, 32773, 32946)  # none, LZW, deflate, PackBits: no more than 2000 : 1
_MAX_SAMPLES = 64  # samples of a pixel; photos have up to 5, a hostile header 65535
_REDUCED, _MASK = 1, 4  # bits of NewSubfileType
_OLD_REDUCED = 2  # values of SubfileType, its predecessor
_SEARCHED = 16  # pages searched for one that is no preview


def decode(data: bytes, kind: str) -> Decoded:
    """Decode a file; raise DecodingError or an error in decoded.DAMAGE."""
    from tifffile import TiffFile

    with TiffFile(io.BytesIO(data)) as file:
        first: Any = file.pages[0]
        page, number = _main_page(file)
        _check(page, data)
        metadata, orientation = upright_metadata(_metadata(page, first, data))
        if page.photometric in (RGB, YCBCR):
            metadata = with_dcf_profile(metadata)
        samples, white, icc = samples_of(page, data, metadata.icc)
        notes = _notes(page, number, len(file.pages))
        if page.dtype.kind == "f" and page.photometric != CIELAB:
            samples, said = _to_unit(samples)
            notes += said
    bits = bits_of(page)
    depth = 32 if page.dtype.kind == "f" or bits > 16 else 16 if bits > 8 or white == 65535 else 8
    stored = _value(page, exif.ORIENTATION)
    if isinstance(stored, int) and 1 <= stored <= 8:
        orientation = stored
    return Decoded(samples, white, depth, kind, dataclasses.replace(metadata, icc=icc), orientation, notes=notes)


def _main_page(file: Any) -> tuple[Any, int]:
    """Return the first page that is no preview of another, and its number from 1; 0 for one within another page."""
    first = file.pages[0]
    if not _is_reduced(first):
        return first, 1
    for number, page in enumerate(islice(file.pages, 1, _SEARCHED), start=2):
        if not _is_reduced(page):
            return page, number
    for page in islice(first.pages or (), _SEARCHED):
        if not _is_reduced(page):
            return page, 0
    return first, 1


def _is_reduced(page: Any) -> bool:
    kind = _value(page, 254)
    return bool(isinstance(kind, int) and kind & (_REDUCED | _MASK)) or _value(page, 255) == _OLD_REDUCED


def _notes(page: Any, number: int, pages: int) -> tuple[str, ...]:
    sizes = {tag.code: tag.valuebytecount for tag in page.tags}
    private = tuple(str(code) for code, size in sizes.items() if hides_pixels(code, size) and code != LAYERS)
    lost = len(kinds_of_more(page)) - (alpha_channel(page) is not None)
    said = {
        Sentence("This is page {page} of {pages}; the others are not kept.", page=number, pages=pages): pages > 1
        and number > 0,
        Sentence("The first picture of the file is a preview; the full picture within it was read."): number == 0,
        Sentence("CMYK was converted to sRGB."): page.photometric == CMYK,
        Sentence("CIELAB was converted to sRGB."): page.photometric == CIELAB,
        Sentence("The file's layers (Photoshop) are not kept."): LAYERS in sizes,
        Sentence("Smaller pictures within the file (previews) are not kept."): number > 0
        and (330 in sizes or 513 in sizes),
        Sentence("Private data that may hold the old picture is not kept (TIFF tags {tags}).", tags=private): bool(
            private
        ),
        Sentence(
            "Further channels, which the file does not call transparency (a mask, infrared), are not kept."
        ): lost > 0,
    }
    return tuple(sentence for sentence, true in said.items() if true)


def _to_unit(samples: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Scale float samples so that white is 1; return notes if it was not.

    If half of them are above 1 and the brightest is near 255 or 65535, they are not highlights beyond white but 8- or
    16-bit values as floats.
    """
    colours = samples[..., : 3 if samples.shape[2] > 2 else 1]
    seen = colours[:: max(1, colours.shape[0] // 512), :: max(1, colours.shape[1] // 512)]
    most = float(np.nanmax(np.where(np.isfinite(colours), colours, 0), initial=0))
    white = next((white for white in (255, 65535) if white / 4 <= most <= white), None)
    if white is None or not np.median(np.nan_to_num(seen)) > 1 or (white == 65535 and np.any(seen != np.rint(seen))):
        return samples, ()
    scaled = samples / np.float32(white)
    if samples.shape[2] in (2, 4) and samples[..., -1].max(initial=0) <= 1:
        scaled[..., -1] = samples[..., -1]
    note = Sentence("Its values run from 0 to {white}; they are read and written as 0 to 1.", white=white)
    return scaled, (note,)


def _check(page: Any, data: bytes) -> None:
    bits = bits_of(page)
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


def _metadata(page: Any, first: Any, data: bytes) -> Metadata:
    """Return the blocks of the page that is read; missing ones except the profile come from the first page."""
    resources = _bytes_of(page, 34377) or _bytes_of(first, 34377) or b""
    records = _bytes_of(page, 33723) or _bytes_of(first, 33723) or iptc.from_resources(resources)
    return Metadata(
        exif=exif_block(data, page.offset) or (exif_block(data, first.offset) if page is not first else None),
        xmp=_bytes_of(page, 700) or _bytes_of(first, 700),
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
