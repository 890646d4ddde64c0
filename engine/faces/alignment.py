"""Aligned crops: a face is rotated, scaled and moved so that its landmarks match a template.

Points and matrices refer to pixel centres: the middle of the first pixel is (0, 0).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from engine.faces.face import Point
from engine.faces.templates import Template

Landmarks = Sequence[Point]
Border = Literal["reflect", "zero"]


@dataclass(frozen=True, eq=False)
class AlignedCrop:
    """pixels: h x w x 3 float32 in [0, 1]. matrix: 2 x 3 float64, photo (x, y, 1) to crop (x, y)."""

    pixels: np.ndarray
    matrix: np.ndarray


def similarity(source: Landmarks, target: Landmarks) -> np.ndarray:
    """Return the 2 x 3 float64 similarity (rotation, scale, shift; no mirroring) nearest to source -> target.

    Least squares over the points (Umeyama, PAMI 1991). With points as complex numbers it is w = a z + b, and a = sum
    conj(z - mean z) (w - mean w) / sum |z - mean z|^2. Raise ValueError if all source points coincide.
    """
    z = np.asarray(source, np.float64) @ np.array([1, 1j])
    w = np.asarray(target, np.float64) @ np.array([1, 1j])
    centred = z - z.mean()
    spread = float(np.sum(np.abs(centred) ** 2))
    a = np.sum(centred.conj() * (w - w.mean())) / spread if spread > 0 else 0
    if a == 0:
        raise ValueError("landmarks that all lie in one point cannot be aligned")
    b = w.mean() - a * z.mean()
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])


def inverse(matrix: np.ndarray) -> np.ndarray:
    """Return the 2 x 3 matrix that inverts `matrix`."""
    linear = np.linalg.inv(matrix[:, :2])
    return np.column_stack([linear, -linear @ matrix[:, 2]])


def align(pixels: np.ndarray, landmarks: Landmarks, template: Template) -> AlignedCrop:
    """Cut out the face with these landmarks (px of `pixels`, H x W x 3 float32 in [0, 1]) on the template.

    Outside the photo, the crop shows its reflection.
    """
    matrix = similarity(landmarks, template.points)
    crop = warp(pixels, matrix, (template.height, template.width), border="reflect")
    return AlignedCrop(np.clip(crop, 0, 1), matrix)


def warp(pixels: np.ndarray, matrix: np.ndarray, size: tuple[int, int], border: Border) -> np.ndarray:
    """Return float32 pixels of size (height, width) whose point `matrix` p shows the point p of `pixels`.

    Cubic interpolation. If the similarity shrinks, pixels are first averaged over whole blocks; then the result is
    sampled 2 x 2 times and averaged, so that fine detail does not alias. border: what lies outside `pixels`. Only the
    visible part is read, so `pixels` may be of any size.
    """
    height, width = size
    block = max(1, int(1 / float(np.hypot(matrix[0, 0], matrix[1, 0])) + 1e-6))
    left, top, right, bottom = _seen(matrix, size, block)
    part = _taken(pixels, left, top, right, bottom, border)
    if block > 1:
        part = cv2.resize(part, (part.shape[1] // block, part.shape[0] // block), interpolation=cv2.INTER_AREA)
    samples = 2 if np.hypot(matrix[0, 0], matrix[1, 0]) * block < 1 - 1e-3 else 1
    to_photo = np.array([[block, 0, left + (block - 1) / 2], [0, block, top + (block - 1) / 2]])
    to_samples = np.array([[samples, 0, (samples - 1) / 2], [0, samples, (samples - 1) / 2]])
    whole = _compose(to_samples, _compose(matrix, to_photo))
    fine: np.ndarray = cv2.warpAffine(part, whole, (width * samples, height * samples), flags=cv2.INTER_CUBIC)
    if samples > 1:
        fine = cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA)
    return fine


def _seen(matrix: np.ndarray, size: tuple[int, int], block: int) -> tuple[int, int, int, int]:
    """Return the box, in whole blocks, that a warp to `size` reads; it may extend outside the picture."""
    height, width = size
    corners = np.array([[-1, -1, 1], [width, -1, 1], [-1, height, 1], [width, height, 1]], np.float64).T
    seen = inverse(matrix) @ corners
    start = np.floor(seen.min(1)).astype(int) - 3 * block
    blocks = np.ceil((seen.max(1) + 3 * block - start) / block).astype(int)
    stop = start + blocks * block
    return int(start[0]), int(start[1]), int(stop[0]), int(stop[1])


def _taken(pixels: np.ndarray, left: int, top: int, right: int, bottom: int, border: Border) -> np.ndarray:
    """Return a float32 copy of the part in the box, filled with the border's pixels outside the picture."""
    height, width = pixels.shape[:2]
    rows, columns = np.arange(top, bottom), np.arange(left, right)
    if rows[0] >= 0 and columns[0] >= 0 and bottom <= height and right <= width:
        return np.ascontiguousarray(pixels[top:bottom, left:right], dtype=np.float32)
    part = pixels[_reflected(rows, height)[:, None], _reflected(columns, width)].astype(np.float32)
    if border == "zero":
        part[(rows < 0) | (rows >= height)] = 0
        part[:, (columns < 0) | (columns >= width)] = 0
    return part


def _reflected(index: np.ndarray, length: int) -> np.ndarray:
    """Fold any integers into 0 .. length - 1, mirrored about the first and the last."""
    if length == 1:
        return np.zeros_like(index)
    folded = index % (2 * length - 2)
    return np.minimum(folded, 2 * length - 2 - folded)


def _compose(second: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return the 2 x 3 matrix that applies `first`, then `second`."""
    return second[:, :2] @ first + np.column_stack([np.zeros((2, 2)), second[:, 2]])
