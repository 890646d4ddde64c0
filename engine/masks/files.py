"""Masks from pictures and to pictures: greyscale, black for the photo, white for the result."""

from __future__ import annotations

import stat
from pathlib import Path

import numpy as np

from engine.errors import UserError
from engine.masks.mask import Mask, Size
from engine.whole_files import write_whole

_SAME_SHAPE = 0.01
"""So far may the proportions of mask and photo differ; a mask that was shrunk for painting is enlarged again."""

_LARGEST_FILE = 500_000_000  # bytes


def load_mask(path: Path | str, size: Size) -> Mask:
    """Read the mask of a photo of that size (width, height); raise UserError for a file that holds none or another's.

    A picture of the same proportions and another size is fitted; colours and more than 8 bits become greys of 8 bits.
    """
    return fitted(Mask.of(read_values(Path(path))), size)


def fitted(mask: Mask, size: Size) -> Mask:
    """Return a mask in the size of a photo, (width, height); raise UserError where it has other proportions."""
    import cv2

    width, height = mask.size
    if mask.size == size:
        return mask
    if abs(width * size[1] / (height * size[0]) - 1) > _SAME_SHAPE:
        raise UserError(
            "The mask does not fit this photo: it has {width} x {height} px, the photo {across} x {down}.",
            width=width,
            height=height,
            across=size[0],
            down=size[1],
        )
    how = cv2.INTER_AREA if width > size[0] else cv2.INTER_LINEAR
    return Mask.of(np.asarray(cv2.resize(mask.values(), size, interpolation=how), np.uint8))


def read_values(path: Path) -> np.ndarray:
    """Return what a mask's file holds, H x W uint8; raise UserError where that is no picture."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UserError("The mask {path} cannot be read: it is no file.", path=path)
        if status.st_size > _LARGEST_FILE:
            raise UserError("The mask {path} cannot be read: it is too large for a mask.", path=path)
        encoded = path.read_bytes()
    except OSError as error:
        raise UserError("The mask {path} cannot be read: {reason}.", path=path, reason=error) from error
    values = decoded(encoded)
    if values is None:
        raise UserError("The mask {path} is no picture.", path=path)
    return values


def save_mask(mask: Mask, path: Path) -> None:
    """Write a mask as a PNG of 8 bits, whole or not at all; raise UserError where that fails."""
    try:
        write_whole(path, lambda file: file.write(encoded(mask)))
    except OSError as error:
        raise UserError("The mask {path} cannot be written: {reason}.", path=path, reason=error) from error


def encoded(mask: Mask) -> bytes:
    """Return a mask as a PNG; quickly, since it is written after every stroke."""
    import cv2

    how = [cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE]
    return cv2.imencode(".png", mask.values(), how)[1].tobytes()


def decoded(picture: bytes) -> np.ndarray | None:
    """Return the greys of a picture, H x W uint8; None where it is none."""
    import cv2

    try:
        found = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH)
    except cv2.error:  # an empty file
        return None
    if found is None or found.dtype not in (np.uint8, np.uint16):
        return None
    return found.astype(np.uint8) if found.dtype == np.uint8 else (found.astype(np.uint16) >> 8).astype(np.uint8)
