"""Finds faces by the cascade of MTCNN (Zhang et al., IEEE Signal Processing Letters 2016) in photos of any size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import cast

import cv2
import numpy as np

from engine.faces.alignment import warp
from engine.faces.face import Box, Face, Point
from engine.faces.sharpness import sharpness

_SMALLEST_SEEN = 20  # px: MTCNN finds almost no smaller faces
_THRESHOLDS = (0.6, 0.6, 0.5)  # thresholds of the cascade's three networks: low, since blurred faces score low
_SURE = 0.7  # a face needs at least this mean score in the second look
_SAME = 0.5  # intersection over the smaller box: above this, two finds are one face
# Views of the second look: shift of the square to the right and down, and growth, as shares of its side.
_VIEWS = ((0, 0, 0), (0, 0, 0.2), (0.08, 0, 0), (-0.08, 0, 0), (0, 0.08, 0), (0, -0.08, 0))
_PATCH = 48  # px, input of the cascade's last network
_MIRRORED = [1, 0, 2, 4, 3]  # the landmarks of a mirrored face, in order


class FaceFinder:
    """Finds faces. Creating one loads MTCNN (2 MB, from the package facenet-pytorch) on the device."""

    def __init__(self, device: str = "cpu") -> None:
        from facenet_pytorch import MTCNN

        self._mtcnn = MTCNN(keep_all=True, min_face_size=_SMALLEST_SEEN, thresholds=list(_THRESHOLDS), device=device)
        self._device = device

    def find(self, pixels: np.ndarray, smallest: int = 40) -> list[Face]:
        """Return the faces of a photo, largest first.

        pixels: H x W x 3, float32 in [0, 1] or uint8. smallest: px of the longer side of the smallest face to find.
        The photo is searched at the size at which such a face has 20 px. Then each find is examined again in the
        photo itself, which improves its position and rejects false finds.
        """
        scale = min(1.0, _SMALLEST_SEEN / smallest)
        search = _shrunk(pixels, scale)
        if min(search.shape[:2]) < _SMALLEST_SEEN:
            return []
        with _one_thread():
            boxes, _ = self._mtcnn.detect(search)
            if boxes is None:
                return []
            found = self._look_again(pixels, np.asarray(boxes, np.float64) / scale)
        largest_first = sorted(found, key=lambda face: face.size, reverse=True)
        return [face for face in _without_doubles(largest_first) if face.size >= smallest]

    def _look_again(self, pixels: np.ndarray, boxes: np.ndarray) -> list[Face]:
        """Return the faces that the last network of the cascade confirms in these boxes (n x 4 px).

        It examines several shifted and enlarged squares of each box and their mirror images. A real face is found in
        all of them, a false one is not. The mean position is better than each single one.
        """
        centres = (boxes[:, :2] + boxes[:, 2:]) / 2
        sides = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
        looks = [
            self._look(pixels, centres + sides[:, None] * (right, down), sides * (1 + growth))
            for right, down, growth in _VIEWS
        ]
        edges, points, scores = (np.mean(part, axis=0) for part in zip(*looks, strict=True))
        return [_face(pixels, edges[i], points[i], scores[i]) for i in range(len(boxes)) if scores[i] >= _SURE]

    def _look(
        self, pixels: np.ndarray, centres: np.ndarray, sides: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return boxes (n x 4 px), landmarks (n x 5 x 2 px) and scores (n) for squares and mirrored squares."""
        import torch

        corners = centres - sides[:, None] / 2
        patches = np.stack([_patch(pixels, corner, side) for corner, side in zip(corners, sides, strict=True)])
        both = np.concatenate([patches, patches[:, :, ::-1]])
        tensor = torch.from_numpy(both).permute(0, 3, 1, 2).to(self._device).contiguous()
        with torch.inference_mode():
            edges, points, scores = (out.double().cpu().numpy() for out in self._mtcnn.onet(tensor))
        count = len(centres)
        points = points.reshape(-1, 2, 5).transpose(0, 2, 1)
        points[count:, :, 0] = 1 - points[count:, :, 0]
        points = (points[:count] + points[count:, _MIRRORED]) / 2
        edges = (edges[:count] + edges[count:][:, [2, 1, 0, 3]] * (-1, 1, -1, 1)) / 2 + (0, 0, 1, 1)
        return (
            np.tile(corners, 2) + edges * sides[:, None],
            corners[:, None] + points * sides[:, None, None] - 0.5,
            (scores[:count, 1] + scores[count:, 1]) / 2,
        )


@contextmanager
def _one_thread() -> Iterator[None]:
    """Limit torch to one thread: on such small pictures, threads waiting for each other cost up to 20 times more."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _shrunk(pixels: np.ndarray, scale: float) -> np.ndarray:
    """Return uint8 pixels, scaled by `scale` with area averaging."""
    height, width = pixels.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = pixels if scale == 1 else cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return small if small.dtype == np.uint8 else (np.clip(small, 0, 1) * 255 + 0.5).astype(np.uint8)


def _patch(pixels: np.ndarray, corner: np.ndarray, side: float) -> np.ndarray:
    """Return the square as the network's input: _PATCH x _PATCH x 3 float32, about -1 to 1."""
    scale = _PATCH / side
    shift = (0.5 - corner) * scale - 0.5
    patch = warp(pixels, np.array([[scale, 0, shift[0]], [0, scale, shift[1]]]), (_PATCH, _PATCH), border="reflect")
    return (patch if pixels.dtype == np.uint8 else patch * 255) / 128 - np.float32(127.5 / 128)


def _without_doubles(faces: Sequence[Face]) -> list[Face]:
    """Drop every face that overlaps one with a better score."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda face: face.score, reverse=True):
        if all(_overlap(face.box, other.box) <= _SAME for other in kept):
            kept.append(face)
    return [face for face in faces if face in kept]


def _overlap(one: Box, other: Box) -> float:
    """Return the common area of two boxes divided by the area of the smaller one."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return max(width, 0) * max(height, 0) / max(smaller, 1e-9)


def _face(pixels: np.ndarray, edges: np.ndarray, points: np.ndarray, score: float) -> Face:
    box = cast(Box, tuple(float(value) for value in edges))
    landmarks = cast(tuple[Point, Point, Point, Point, Point], tuple((float(x), float(y)) for x, y in points))
    return Face(box, landmarks, float(score), sharpness(pixels, box))
