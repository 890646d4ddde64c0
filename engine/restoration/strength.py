"""Strength: blends the restored picture with the photo. This needs no second run."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from engine.faces.face import Box
from engine.faces.pasting import oval_mask
from engine.masks.mask import Mask
from engine.photos.samples import strips
from engine.restoration.grain import held_down

FINE = 3.0  # px, standard deviation that separates coarse from fine
REACH = 1.2  # times a face's box: the size of the area with the face's own strength
FEATHER = 0.2  # share of the area's sides: width of its soft edge


def blend(
    original: np.ndarray,
    restored: np.ndarray,
    strength: float,
    high_frequencies_only: bool = False,
    faces: Sequence[tuple[Box, float]] = (),
    grain: float = 0.0,
    mask: Mask | None = None,
) -> np.ndarray:
    """Return original + strength (restored - original), H x W x 3 float32 in [0, 1].

    At 0 it is the original bit for bit, at 1 the restored picture. high_frequencies_only: of the change, only
    what is finer than a Gaussian of 3 px goes in, so that tones and colours stay the photo's own. faces: boxes in px
    with a strength of their own, which holds in the `area` of the face under a soft edge; the later over the earlier.
    grain: how much of grain and ringing is taken from the restored picture's plain areas, 0 to 1. mask: weakens all
    of that pixel by pixel. Where it is 0, the original stays bit for bit.
    """
    if mask is not None:
        return _masked(original, blend(original, restored, strength, high_frequencies_only, faces, grain), mask)
    if strength == 0 and all(own == 0 for _, own in faces):
        return original
    full = at_full_strength(original, restored, high_frequencies_only, grain)
    blended = _mixed(original, full, strength)
    if not faces:
        return blended
    blended = blended.copy()
    for box, own in faces:
        _blend_face(blended, original, full, area(box), own)
    return blended


def at_full_strength(
    original: np.ndarray, restored: np.ndarray, high_frequencies_only: bool = False, grain: float = 0.0
) -> np.ndarray:
    """Return what `blend` mixes into the original: the restored picture after `grain` and `high_frequencies_only`."""
    calm = held_down(original, restored, grain)
    return fine_only(original, calm) if high_frequencies_only else calm


def fine_only(original: np.ndarray, restored: np.ndarray) -> np.ndarray:
    """Return the original with only those changes that are finer than a Gaussian of 3 px, in [0, 1]."""
    change = restored - original
    change -= cv2.GaussianBlur(change, (0, 0), FINE, borderType=cv2.BORDER_REFLECT_101)
    change += original
    return np.clip(change, 0, 1, out=change)


def area(box: Box) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom px of the area of a face's own strength; may extend beyond the photo."""
    left, top, right, bottom = box
    x, y = (right - left) * REACH / 2, (bottom - top) * REACH / 2
    return round(left - x), round(top - y), round(right + x), round(bottom + y)


def area_mask(height: int, width: int) -> np.ndarray:
    """Return the mask of a face's own strength in its area: height x width float32, 1 inside, 0 at the edge."""
    return oval_mask(height, width, FEATHER)


def _masked(original: np.ndarray, blended: np.ndarray, mask: Mask) -> np.ndarray:
    """Return the blend where the mask is full, the original where it is empty, and what lies between elsewhere."""
    if blended is original:
        return original
    out = blended.copy()
    height, width = out.shape[:2]
    for rows in strips(height, 3 * width):
        share = mask.region((0, rows.start, width, rows.stop))[..., None]
        mixed = original[rows] + np.float32(1 / 255) * share * (blended[rows] - original[rows])
        np.copyto(out[rows], np.clip(mixed, 0, 1), where=share < 255)
        np.copyto(out[rows], original[rows], where=share == 0)
    return out


def _mixed(original: np.ndarray, full: np.ndarray, strength: float) -> np.ndarray:
    if strength in (0, 1):
        return full if strength else original
    mixed = full - original
    mixed *= strength
    mixed += original
    return np.clip(mixed, 0, 1, out=mixed)


def _blend_face(
    blended: np.ndarray, original: np.ndarray, full: np.ndarray, place: tuple[int, int, int, int], strength: float
) -> None:
    """Change `blended` in place to the face's strength, under the mask; pixels outside the mask stay identical."""
    left, top, right, bottom = place
    height, width = blended.shape[:2]
    rows, columns = slice(max(top, 0), max(min(bottom, height), 0)), slice(max(left, 0), max(min(right, width), 0))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    mask = area_mask(bottom - top, right - left)
    part = mask[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left, None]
    target = blended[rows, columns]
    own = _mixed(original[rows, columns], full[rows, columns], strength)
    np.copyto(target, target + part * (own - target), where=part > 0)
