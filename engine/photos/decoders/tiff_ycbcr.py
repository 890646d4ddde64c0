"""Reads YCbCr in TIFF (TIFF 6.0, section 21), except JPEG compression, whose decoder converts to RGB itself."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.photos.decoders.decoded import DecodingError
from engine.photos.samples import strips

JPEG = (6, 7, 34892, 33007)
"""Compressions whose decoder returns RGB."""
_SUBSAMPLINGS = (1, 2, 4)
_BT601 = (0.299, 0.587, 0.114)


def ycbcr_samples(page: Any, data: bytes) -> np.ndarray:
    """Return the page's samples, H x W x 3 or more, still YCbCr; subsampled colours are repeated, as in libtiff."""
    if not page.is_subsampled:
        return np.asarray(page.asarray()).reshape(page.shaped)[0, 0]
    across, down = page.subsampling or (2, 2)
    if across not in _SUBSAMPLINGS or down not in _SUBSAMPLINGS or page.bitspersample != 8:
        raise DecodingError("its kind of samples is not supported")
    if page.planarconfig == 2 or page.predictor != 1 or page.samplesperpixel != 3:
        raise DecodingError("its kind of samples is not supported")
    out = np.empty((page.imagelength, page.imagewidth, 3), np.uint8)
    for top, left, height, width, segment in _segments(page, data, across, down):
        block = _block(segment, height, width, across, down)
        rows, columns = out[top : top + height, left : left + width].shape[:2]
        out[top : top + rows, left : left + columns] = block[:rows, :columns]
    return out


def to_rgb(page: Any, samples: np.ndarray, white: float) -> np.ndarray:
    """Convert YCbCr samples to RGB of the same depth, by the file's coefficients and reference levels.

    Other channels stay. TIFF 6.0, section 21; unsigned integers only.
    """
    red, green, blue = _fractions(page, 529, _BT601)
    half = (white + 1) / 2
    usual = (0, white, half, white, half, white)
    levels = _fractions(page, 532, usual)
    if white > 255 >= max(levels):  # given for 8 bits, although the samples have more
        levels = usual
    low, scale = np.array(levels[::2]), white / (np.array(levels[1::2]) - np.array(levels[::2]))
    scale[1:] *= (white - half) / white
    if samples.dtype.kind != "u" or not (np.isfinite(scale).all() and green > 0):
        raise DecodingError("its kind of samples is not supported")
    out = samples.copy()
    for rows in strips(samples.shape[0], samples.shape[1] * 3):
        y, cb, cr = np.moveaxis((samples[rows, :, :3] - low) * scale, -1, 0)
        r, b = y + cr * (2 - 2 * red), y + cb * (2 - 2 * blue)
        g = (y - red * r - blue * b) / green
        out[rows, :, :3] = np.clip(np.rint(np.stack((r, g, b), axis=-1)), 0, white)
    return out


def _segments(page: Any, data: bytes, across: int, down: int) -> Any:
    """Yield (top, left, height, width, unpacked bytes) of each strip or tile."""
    from imagecodecs import bitorder_decode
    from tifffile import TIFF

    width = page.tilewidth if page.is_tiled else page.imagewidth
    rows = page.tilelength if page.is_tiled else min(page.rowsperstrip or page.imagelength, page.imagelength)
    columns = math.ceil(page.imagewidth / width)
    unpack = TIFF.DECOMPRESSORS[page.compression]
    for index, (start, count) in enumerate(zip(page.dataoffsets, page.databytecounts, strict=True)):
        top, left = index // columns * rows, index % columns * width
        if top >= page.imagelength:
            break
        height = rows if page.is_tiled else min(rows, page.imagelength - top)
        packed = data[start : start + count]
        if page.fillorder == 2:
            packed = bytes(bitorder_decode(packed))
        units = math.ceil(width / across) * math.ceil(height / down)
        size = units * (across * down + 2)
        unpacked = packed if page.compression == 1 else unpack(packed, out=size)
        if len(unpacked) < size:
            raise DecodingError("it is cut short")
        yield top, left, height, width, bytes(unpacked[:size])


def _block(segment: bytes, height: int, width: int, across: int, down: int) -> np.ndarray:
    """Unpack a strip or tile: units of down x across samples of Y, then one of Cb and one of Cr."""
    high, wide = math.ceil(height / down), math.ceil(width / across)
    units = np.frombuffer(segment, np.uint8).reshape(high, wide, down * across + 2)
    out = np.empty((high * down, wide * across, 3), np.uint8)
    y = units[..., :-2].reshape(high, wide, down, across)
    out[..., 0] = y.swapaxes(1, 2).reshape(high * down, wide * across)
    out[..., 1:] = units[..., -2:].repeat(down, axis=0).repeat(across, axis=1)
    return out[:height, :width]


def _fractions(page: Any, tag: int, default: tuple[float, ...]) -> tuple[float, ...]:
    """Return the values of a tag of rationals (or of plain numbers, as some programs write)."""
    found = page.tags.get(tag)
    if found is None or not isinstance(found.value, tuple):
        return default
    values = found.value
    if len(values) == 2 * len(default):
        return tuple(a / b if b else math.nan for a, b in zip(values[::2], values[1::2], strict=True))
    return tuple(map(float, values)) if len(values) == len(default) else default
