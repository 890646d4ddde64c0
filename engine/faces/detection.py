"""Finding faces: the cascade of MTCNN (Zhang et al., IEEE Signal Processing Letters 2016) over photos of any size."""

from __future__ import annotations

import cv2
import numpy as np

from engine.faces.face import Box, Face, Point
from engine.faces.sharpness import sharpness

_SMALLEST_SEEN = 20.0  # px of a face below which MTCNN finds next to nothing
_THRESHOLDS = (0.6, 0.7, 0.7)  # of the cascade's three networks
_OVERLAP = 0.5  # intersection over the smaller box, above which two finds are one face


class FaceFinder:
    """Finds faces; building one loads MTCNN (2 MB, from the wheel of facenet-pytorch) on the device."""

    def __init__(self, device: str = "cpu") -> None:
        from facenet_pytorch import MTCNN

        self._mtcnn = MTCNN(
            keep_all=True, min_face_size=int(_SMALLEST_SEEN), thresholds=list(_THRESHOLDS), device=device
        )

    def find(self, pixels: np.ndarray, smallest: int = 40) -> list[Face]:
        """Return the faces of a photo, largest first.

        pixels: H x W x 3, float32 in [0, 1] or uint8. smallest: px of the longer side of the smallest box wanted.
        """
        height, width = pixels.shape[:2]
        if min(height, width) < _SMALLEST_SEEN:
            return []
        scale = min(1.0, _SMALLEST_SEEN / smallest)
        boxes, scores, landmarks = self._mtcnn.detect(_shrunk(pixels, scale), landmarks=True)
        if boxes is None:
            return []
        found = [
            _face(pixels, np.asarray(box, float) / scale, float(score), np.asarray(points, float) / scale - 0.5)
            for box, score, points in zip(boxes, scores, landmarks, strict=True)
        ]
        return sorted((f for f in found if f.size >= smallest), key=lambda face: face.size, reverse=True)


def _shrunk(pixels: np.ndarray, scale: float) -> np.ndarray:
    """Return uint8 pixels, area-averaged to `scale`."""
    height, width = pixels.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = pixels if scale == 1 else cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return small if small.dtype == np.uint8 else (np.clip(small, 0, 1) * 255 + 0.5).astype(np.uint8)


def _face(pixels: np.ndarray, box: np.ndarray, score: float, points: np.ndarray) -> Face:
    edges: Box = tuple(float(value) for value in box)  # type: ignore[assignment]
    marks: tuple[Point, ...] = tuple((float(x), float(y)) for x, y in points)
    return Face(edges, marks, score, sharpness(pixels, edges))  # type: ignore[arg-type]
