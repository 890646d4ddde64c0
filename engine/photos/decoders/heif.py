"""Reads HEIC and HEIF through libheif and libde265 (package pi-heif, LGPL, no encoder), already upright."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from engine.errors import Sentence
from engine.photos.boxes import Primary, primary
from engine.photos.decoders.alpha import divided
from engine.photos.decoders.colours import with_profile
from engine.photos.decoders.decoded import GAIN_MAP_LEFT, Decoded, DecodingError, check_size
from engine.photos.exif import PREFIX
from engine.photos.metadata import upright_metadata
from engine.photos.photo import Metadata


def decode(data: bytes, kind: str) -> Decoded:
    """Decode a file; raise DecodingError or an error in decoded.DAMAGE."""
    try:
        import pi_heif
    except ImportError:
        raise DecodingError(
            "HEIC photos need the package pi-heif, which is not installed; pip install pi-heif adds it"
        ) from None
    file = pi_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=False, hdr_to_16bit=False)
    image: Any = file[file.primary_index]
    check_size(*image.size)
    boxes = primary(data)
    # libheif has rotated it already; EXIF only repeats the boxes' orientation
    metadata, _ = upright_metadata(_metadata(image.info))
    metadata, said = with_profile(metadata, boxes.colours)
    samples = np.array(image)[:, : image.size[0]]  # a copy: the package frees its memory with `image`
    samples = samples if samples.ndim == 3 else samples[..., np.newaxis]
    bits = int(image.info["bit_depth"])
    depth, white = 8 if bits == 8 else 16, float(2**bits - 1)
    if image.premultiplied_alpha and samples.shape[2] in (2, 4):
        colours, alpha, white = divided(samples[..., :-1], samples[..., -1:], white)
        samples = np.concatenate((colours, alpha), axis=2)
    return Decoded(samples, white, depth, kind, metadata, notes=(*_notes(len(file), image.info, boxes), *said))


def _metadata(info: dict[str, Any]) -> Metadata:
    block = info.get("exif") or b""
    return Metadata(
        block.removeprefix(PREFIX) or None, info.get("xmp") or None, None, info.get("icc_profile") or None
    )


def _notes(pictures: int, info: dict[str, Any], boxes: Primary) -> tuple[str, ...]:
    said = {
        Sentence("The file holds {count} pictures; only the first is read and kept.", count=pictures): pictures > 1,
        GAIN_MAP_LEFT: boxes.gain_map,
        Sentence("The file's depth map is not kept."): bool(info.get("depth_images")),
    }
    return tuple(sentence for sentence, true in said.items() if true)
