"""Prepares pixels and alpha as one array of integers for encoders, and the blocks that fit it."""

from __future__ import annotations

import dataclasses
from functools import partial

import numpy as np

from engine.photos import exif_editing, gain_maps, xmp
from engine.photos.cutouts import on_white
from engine.photos.encoders.thumbnail import thumbnail
from engine.photos.errors import EncodingError
from engine.photos.photo import Metadata, Photo
from engine.photos.samples import strips, to_integers


def interleaved(photo: Photo, bits: int, alpha: bool = True) -> np.ndarray:
    """Return H x W (grey) or H x W x C, C = 2 to 4, contiguous uint8 or uint16 of `bits`; 32 gives float32."""
    colours = photo.pixels[..., :1] if photo.grey else photo.pixels
    if photo.alpha is None or not alpha:
        samples = _converted(colours, bits)
        return samples[..., 0] if photo.grey else samples
    height, width, count = colours.shape
    out = np.empty((height, width, count + 1), {8: np.uint8, 32: np.float32}.get(bits, np.uint16))
    for rows in strips(height, width * (count + 1)):
        out[rows, :, :count] = _converted(colours[rows], bits)
        out[rows, :, count] = _converted(photo.alpha[rows], bits)
    return out


def check_sides(photo: Photo, limit: int, name: str, most_pixels: int | None = None) -> None:
    """Raise EncodingError if a side or the photo is too large for the format's programs."""
    width, height = photo.size
    if max(width, height) > limit:
        raise EncodingError(
            "{format} holds at most {limit} px a side, and the photo has {width} x {height}",
            format=name,
            limit=limit,
            width=width,
            height=height,
        )
    if most_pixels is not None and width * height > most_pixels:
        raise EncodingError(
            "{format} holds at most {most} megapixels, and the photo has {width} x {height} px",
            format=name,
            most=most_pixels // 1_000_000,
            width=width,
            height=height,
        )


def over_white(photo: Photo) -> Photo:
    """Return the photo without alpha, blended with white, for formats without alpha."""
    if photo.alpha is None:
        return photo
    return dataclasses.replace(photo, pixels=on_white(photo, photo.pixels), alpha=None)


def blocks_for(photo: Photo, colour: bool | None = None, room: int = 1 << 31, gain_map: bool = False) -> Metadata:
    """Return the photo's blocks for writing: sizes and thumbnail updated, without a profile for another colour model.

    room: bytes that the format has for EXIF. gain_map: whether the format can hold one.
    """
    metadata = photo.metadata
    if metadata.exif:
        block = exif_editing.with_size(metadata.exif, *photo.size)
        block = exif_editing.with_thumbnail(block, room, partial(thumbnail, photo))
        metadata = dataclasses.replace(metadata, exif=block)
    if metadata.xmp:
        packet = xmp.without_film(xmp.with_size(metadata.xmp, *photo.size))
        kept = metadata.gain_map if gain_map else None
        packet = gain_maps.announced(packet, kept) if kept else gain_maps.renounced(packet)
        metadata = dataclasses.replace(metadata, xmp=packet)
    return metadata if profile_fits(photo, colour) else dataclasses.replace(metadata, icc=None)


def profile_fits(photo: Photo, colour: bool | None = None) -> bool:
    """Whether the colour profile is for this kind of picture: grey or, if `colour` is true, colour."""
    colour = not photo.grey if colour is None else colour
    space = photo.metadata.icc[16:20] if photo.metadata.icc else b""
    return not ((colour and space == b"GRAY") or (not colour and space == b"RGB ") or space in _OTHER_SPACES)


_OTHER_SPACES = (b"CMYK", b"Lab ", b"XYZ ")


def _converted(samples: np.ndarray, bits: int) -> np.ndarray:
    return samples if bits == 32 else to_integers(samples, bits)
