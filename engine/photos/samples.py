"""Converts a file's samples to float32 and back, exactly and without large temporaries.

An integer v of a file with white at w becomes float32(v / w), correctly rounded. rint(v / w * w) = v for every v <=
65535, so unchanged pixels stay identical bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

# samples: 4 MiB of float32, small compared with a photo and large compared with Python's cost per step
_STRIP = 1 << 20


def strips(height: int, row_samples: int) -> Iterator[slice]:
    """Yield slices of rows that together cover `height` rows, each with about a million samples."""
    rows = max(1, _STRIP // max(1, row_samples))
    for start in range(0, height, rows):
        yield slice(start, min(start + rows, height))


def to_float(samples: np.ndarray, white: float, channels: int) -> np.ndarray:
    """Convert H x W x C samples (C = 1 or `channels`) to contiguous H x W x `channels` float32 of samples / white."""
    height, width = samples.shape[:2]
    if white == 1 and samples.dtype == np.float32 and samples.shape[2] == channels and samples.flags.c_contiguous:
        return samples if samples.flags.writeable else samples.copy()
    out = np.empty((height, width, channels), np.float32)
    # Integers of up to 16 bits are exact in float32, so there is one rounding; wider samples go through float64.
    wide = samples.dtype.itemsize > 2 and samples.dtype != np.float32
    for rows in strips(height, width * channels):
        block = samples[rows].astype(np.float64) if wide else samples[rows]
        np.divide(block, white, out=out[rows], casting="same_kind", dtype=np.float64 if wide else np.float32)
    return out


def to_integers(pixels: np.ndarray, bits: int) -> np.ndarray:
    """Convert float32 in [0, 1], at least two dimensions, to uint8, or uint16 of 9 to 16 bits; clipped, NaN is 0."""
    dtype, white = np.uint8 if bits == 8 else np.uint16, 2**bits - 1
    out = np.empty(pixels.shape, dtype)
    for rows in strips(pixels.shape[0], int(np.prod(pixels.shape[1:]))):
        block = np.multiply(pixels[rows], np.float32(white), dtype=np.float32)
        np.rint(block, out=block)
        np.nan_to_num(block, copy=False, nan=0.0)
        np.clip(block, 0, white, out=block)
        out[rows] = block
    return out


def clip_unit(pixels: np.ndarray) -> bool:
    """Clip float32 pixels to [0, 1] in place (NaN to 0); return whether anything changed."""
    changed = False
    for rows in strips(pixels.shape[0], int(np.prod(pixels.shape[1:]))):
        block = pixels[rows]
        if not (np.min(block) >= 0 and np.max(block) <= 1):  # false for NaN, too
            np.nan_to_num(block, copy=False, nan=0.0)
            np.clip(block, 0, 1, out=block)
            changed = True
    return changed
