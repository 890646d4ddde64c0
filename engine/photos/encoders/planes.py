"""Pixels and alpha as one array of integers, as encoders want it, and the blocks that fit it."""

from __future__ import annotations

import dataclasses
import logging

import numpy as np

from engine.photos import exif
from engine.photos.errors import EncodingError
from engine.photos.photo import Metadata, Photo
from engine.photos.samples import strips, to_integers

_log = logging.getLogger(__name__)


def interleaved(photo: Photo, bits: int, alpha: bool = True) -> np.ndarray:
    """H x W (grey) or H x W x C, C = 2 to 4, contiguous uint8 or uint16; `bits` 32 gives float32."""
    colours = photo.pixels[..., :1] if photo.grey else photo.pixels
    if photo.alpha is None or not alpha:
        samples = _converted(colours, bits)
        return samples[..., 0] if photo.grey else samples
    height, width, count = colours.shape
    out = np.empty((height, width, count + 1), {8: np.uint8, 16: np.uint16, 32: np.float32}[bits])
    for rows in strips(height, width * (count + 1)):
        out[rows, :, :count] = _converted(colours[rows], bits)
        out[rows, :, count] = _converted(photo.alpha[rows], bits)
    return out


def check_sides(photo: Photo, limit: int, name: str) -> None:
    """Raise EncodingError where a side is longer than the format can tell."""
    width, height = photo.size
    if max(width, height) > limit:
        raise EncodingError(f"{name} holds at most {limit} px a side, and the photo has {width} x {height}")


def over_white(photo: Photo) -> Photo:
    """The photo without its alpha, as it looks on white, for formats that have none."""
    if photo.alpha is None:
        return photo
    pixels = np.empty_like(photo.pixels)
    for rows in strips(pixels.shape[0], pixels.shape[1] * 3):
        alpha = photo.alpha[rows, :, np.newaxis]
        pixels[rows] = photo.pixels[rows] * alpha + (1 - alpha)
    return dataclasses.replace(photo, pixels=pixels, alpha=None)


def blocks_for(photo: Photo, colour: bool | None = None) -> Metadata:
    """The photo's blocks as they are to be written: no stale thumbnail, no profile of another colour model."""
    metadata = photo.metadata
    if metadata.exif:
        metadata = dataclasses.replace(metadata, exif=exif.without_thumbnail(metadata.exif))
    colour = not photo.grey if colour is None else colour
    space = metadata.icc[16:20] if metadata.icc else b""
    if (colour and space == b"GRAY") or space == b"CMYK":
        _log.warning("the colour profile is not for this kind of picture and is left out")
        metadata = dataclasses.replace(metadata, icc=None)
    return metadata


def _converted(samples: np.ndarray, bits: int) -> np.ndarray:
    return samples if bits == 32 else to_integers(samples, bits)
