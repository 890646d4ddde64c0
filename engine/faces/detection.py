"""Finding faces: the cascade of MTCNN (Zhang et al., IEEE Signal Processing Letters 2016) over photos of any size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np

from engine.faces.alignment import warp
from engine.faces.face import Box, Face, Point
from engine.faces.sharpness import sharpness

_SMALLEST_SEEN = 20  # px of a face below which MTCNN finds next to nothing
_THRESHOLDS = (0.6, 0.6, 0.5)  # of the cascade's three networks: low, since blurred faces score low
_SURE = 0.6  # mean score of the second look, upright and mirrored, below which it is no face
_SAME = 0.5  # intersection over the smaller box, above which two finds are one face
_PATCH = 48  # px, what the cascade's last network sees
_MIRRORED = [1, 0, 2, 4, 3]  # the landmarks of a mirrored face, in order


class FaceFinder:
    """Finds faces; building one loads MTCNN (2 MB, from the wheel of facenet-pytorch) on the device."""

    def __init__(self, device: str = "cpu") -> None:
        from facenet_pytorch import MTCNN

        self._mtcnn = MTCNN(keep_all=True, min_face_size=_SMALLEST_SEEN, thresholds=list(_THRESHOLDS), device=device)
        self._device = device

    def find(self, pixels: np.ndarray, smallest: int = 40) -> list[Face]:
        """Return the faces of a photo, largest first.

        pixels: H x W x 3, float32 in [0, 1] or uint8. smallest: px of the longer side of the smallest face wanted;
        the photo is searched at the size at which such a face has 20 px, and each find is looked at again in the
        photo itself, as it is and mirrored, which places it better and sends most false finds away.
        """
        scale = min(1.0, _SMALLEST_SEEN / smallest)
        search = _shrunk(pixels, scale)
        if min(search.shape[:2]) < _SMALLEST_SEEN:
            return []
        boxes, _ = self._mtcnn.detect(search)
        if boxes is None:
            return []
        found = self._look_again(pixels, np.asarray(boxes, np.float64) / scale)
        largest_first = sorted(found, key=lambda face: face.size, reverse=True)
        return [face for face in _without_doubles(largest_first) if face.size >= smallest]

    def _look_again(self, pixels: np.ndarray, boxes: np.ndarray) -> list[Face]:
        """Return the faces that the last network of the cascade confirms in these boxes (n x 4 px)."""
        import torch

        corners, sides = _squares(boxes)
        patches = np.stack([_patch(pixels, corner, side) for corner, side in zip(corners, sides, strict=True)])
        both = np.concatenate([patches, patches[:, :, ::-1]])
        tensor = torch.from_numpy(both).permute(0, 3, 1, 2).to(self._device).contiguous()
        with torch.inference_mode():
            edges, points, scores = (out.double().cpu().numpy() for out in self._mtcnn.onet(tensor))
        count = len(boxes)
        score = (scores[:count, 1] + scores[count:, 1]) / 2
        points = points.reshape(-1, 2, 5).transpose(0, 2, 1)
        points[count:, :, 0] = 1 - points[count:, :, 0]
        landmarks = (points[:count] + points[count:, _MIRRORED]) / 2
        edges = (edges[:count] + edges[count:][:, [2, 1, 0, 3]] * (-1, 1, -1, 1)) / 2 + (0, 0, 1, 1)
        placed = np.tile(corners, 2) + edges * sides[:, None]
        marks = corners[:, None] + landmarks * sides[:, None, None] - 0.5
        return [_face(pixels, placed[i], marks[i], score[i]) for i in range(count) if score[i] >= _SURE]


def _shrunk(pixels: np.ndarray, scale: float) -> np.ndarray:
    """Return uint8 pixels, area-averaged to `scale`."""
    height, width = pixels.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = pixels if scale == 1 else cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return small if small.dtype == np.uint8 else (np.clip(small, 0, 1) * 255 + 0.5).astype(np.uint8)


def _squares(boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the left upper corners (n x 2) and the sides (n) of the squares about the boxes."""
    sides = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    return (boxes[:, :2] + boxes[:, 2:]) / 2 - sides[:, None] / 2, sides


def _patch(pixels: np.ndarray, corner: np.ndarray, side: float) -> np.ndarray:
    """Return the square as the network wants it: _PATCH x _PATCH x 3 float32, about -1 to 1."""
    scale = _PATCH / side
    shift = (0.5 - corner) * scale - 0.5
    patch = warp(pixels, np.array([[scale, 0, shift[0]], [0, scale, shift[1]]]), (_PATCH, _PATCH), border="reflect")
    return (patch if pixels.dtype == np.uint8 else patch * 255) / 128 - np.float32(127.5 / 128)


def _without_doubles(faces: Sequence[Face]) -> list[Face]:
    """Drop every face that overlaps one of a better score."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda face: face.score, reverse=True):
        if all(_overlap(face.box, other.box) <= _SAME for other in kept):
            kept.append(face)
    return [face for face in faces if face in kept]


def _overlap(one: Box, other: Box) -> float:
    """Return the area that two boxes share over the smaller one's."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return max(width, 0) * max(height, 0) / max(smaller, 1e-9)


def _face(pixels: np.ndarray, edges: np.ndarray, points: np.ndarray, score: float) -> Face:
    box = cast(Box, tuple(float(value) for value in edges))
    landmarks = cast(tuple[Point, Point, Point, Point, Point], tuple((float(x), float(y)) for x, y in points))
    return Face(box, landmarks, float(score), sharpness(pixels, box))
