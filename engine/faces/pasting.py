"""Pastes restored faces into the photo by adding the change; pixels are never replaced.

What a method did not change stays identical bit for bit: no resampling softens it. The price: if the photo is finer
than the aligned crop, detail above the crop's resolution stays unrestored. In a blurred photo that is almost only
grain, which then matches the surroundings by itself.
"""

from __future__ import annotations

import numpy as np

from engine.faces.alignment import inverse, warp
from engine.faces.face import Box

_ROUNDNESS = 3.0  # exponent of the superellipse: 2 is an ellipse, infinity the whole rectangle


def paste(
    photo: np.ndarray,
    crop_before: np.ndarray,
    crop_after: np.ndarray,
    matrix: np.ndarray,
    *,
    feather: float = 0.12,
    in_place: bool = False,
) -> np.ndarray:
    """Return the photo with the change of an aligned crop added.

    photo: H x W x 3 float32 in [0, 1]. crop_before, crop_after: h x w x 3, the crop before and after restoration.
    matrix: 2 x 3, photo to crop (`AlignedCrop.matrix`). feather: width of the soft edge as a share of the crop's
    sides. in_place: change `photo` itself, which saves a copy of a large one.
    """
    if crop_before.shape != crop_after.shape:
        raise ValueError(f"the crop was {crop_before.shape} before and is {crop_after.shape} after")
    height, width = crop_before.shape[:2]
    change = (crop_after - crop_before) * oval_mask(height, width, feather)[..., None]
    left, top, right, bottom = _covered(photo, matrix, height, width)
    result = photo if in_place else photo.copy()
    if right > left and bottom > top:
        moved = inverse(matrix)
        moved[:, 2] -= (left, top)
        warped = warp(change, moved, (bottom - top, right - left), border="zero")
        _add(result[top:bottom, left:right], warped)
    return result


def paste_region(
    photo: np.ndarray, restored_region: np.ndarray, box: Box, feather: float = 0.12, *, in_place: bool = False
) -> np.ndarray:
    """Return the photo with a restored region pasted under a soft edge; no soft edge along the photo's borders.

    restored_region: h x w x 3, the pixels of the box with integer corners (`whole_box`). feather: width of the soft
    edge as a share of the region's sides.
    """
    left, top, right, bottom = whole_box(photo, box)
    if restored_region.shape[:2] != (bottom - top, right - left):
        raise ValueError(f"the region is {restored_region.shape[:2]}, its box {(bottom - top, right - left)}")
    rows = _ramp(bottom - top, feather, top > 0, bottom < photo.shape[0])
    columns = _ramp(right - left, feather, left > 0, right < photo.shape[1])
    result = photo if in_place else photo.copy()
    target = result[top:bottom, left:right]
    _add(target, (restored_region - target) * (rows[:, None] * columns)[..., None])
    return result


def whole_box(photo: np.ndarray, box: Box) -> tuple[int, int, int, int]:
    """Return the box extended to whole px and clipped to the photo, at least one px wide and high."""
    height, width = photo.shape[:2]
    left, top = int(np.clip(np.floor(box[0]), 0, width - 1)), int(np.clip(np.floor(box[1]), 0, height - 1))
    right, bottom = int(np.clip(np.ceil(box[2]), left + 1, width)), int(np.clip(np.ceil(box[3]), top + 1, height))
    return left, top, right, bottom


def oval_mask(height: int, width: int, feather: float) -> np.ndarray:
    """Return a height x width float32 mask: 1 inside, falling smoothly to 0 on the superellipse in the crop."""
    v, u = np.abs(np.linspace(-1, 1, height))[:, None], np.abs(np.linspace(-1, 1, width))
    radius = (u**_ROUNDNESS + v**_ROUNDNESS) ** (1 / _ROUNDNESS)
    return _smooth((1 - radius) / (2 * feather))


def _ramp(length: int, feather: float, soft_start: bool, soft_end: bool) -> np.ndarray:
    """Return `length` weights that rise from 0 at a soft start and fall to 0 at a soft end."""
    width = max(feather * length, 1)
    position = np.arange(length)
    start = _smooth(position / width) if soft_start else np.ones(length, np.float32)
    return start * (_smooth((length - 1 - position) / width) if soft_end else 1)


def _smooth(t: np.ndarray) -> np.ndarray:
    """Rise from 0 at t <= 0 to 1 at t >= 1, smooth at both ends."""
    t = np.clip(t, 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def _covered(photo: np.ndarray, matrix: np.ndarray, height: int, width: int) -> tuple[int, int, int, int]:
    """Return the box of the photo that the crop covers."""
    corners = np.array([[0, 0, 1], [width - 1, 0, 1], [0, height - 1, 1], [width - 1, height - 1, 1]], np.float64).T
    x, y = inverse(matrix) @ corners
    rows, columns = photo.shape[:2]
    left, right = np.clip([np.floor(x.min()), np.ceil(x.max()) + 1], 0, columns).astype(int)
    top, bottom = np.clip([np.floor(y.min()), np.ceil(y.max()) + 1], 0, rows).astype(int)
    return int(left), int(top), int(right), int(bottom)


def _add(target: np.ndarray, change: np.ndarray) -> None:
    """Add the change to the target in place; pixels without a change stay identical."""
    np.copyto(target, np.clip(target + change, 0, 1), where=change != 0)
