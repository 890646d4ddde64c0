"""Restores single faces of a photo: finds their regions, restores them, and pastes them back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.explanation import Explanation
from engine.faces.alignment import AlignedCrop, align
from engine.faces.face import Box, Face
from engine.faces.matching import match_colour, match_grain
from engine.faces.pasting import paste, paste_region, whole_box
from engine.faces.sharpness import sharpness
from engine.faces.templates import Template
from engine.kernels.kernel import Kernel
from engine.networks.registry import method
from engine.restoration.explain import explain
from engine.restoration.restored import Restore
from engine.restoration.watch import Watch
from engine.result import FaceResult

ENLARGED = 0.6  # share of the box's sides that is added: a whole-photo method needs surroundings
WINDOW = 256  # px a side, in which the kernel of a face is estimated
SAME_FACE = 0.3  # intersection over union
# Typical landmark positions, as shares of the sides, for a drawn box without a detected face.
USUAL_LANDMARKS = ((0.31, 0.40), (0.69, 0.40), (0.5, 0.6), (0.35, 0.78), (0.65, 0.78))


@dataclass(frozen=True, eq=False)
class FacePhoto:
    """A photo whose faces are restored one by one: `blurred` stays, `out` changes in place."""

    blurred: np.ndarray
    out: np.ndarray

    def restore_in_box(self, face: Face, restore: Restore, watch: Watch) -> FaceResult:
        """Restore the enlarged box of a face with a whole-photo method."""
        box = whole_box(self.blurred, enlarged(face.box))
        left, top, right, bottom = box
        blurred = np.ascontiguousarray(self.blurred[top:bottom, left:right])
        restored = restore(blurred, watch.part(0, 1, tiles=False))
        paste_region(self.out, _matched(restored.pixels, blurred, blurred), box, in_place=True)
        watch.tile(box, self.out[top:bottom, left:right].copy())
        kernel = None if restored.kernel is None else Kernel(restored.kernel)
        return FaceResult(face, _explanation(blurred, restored.pixels, kernel))

    def paste_aligned(
        self, face: Face, crop: AlignedCrop, template: Template, restored: np.ndarray, watch: Watch
    ) -> FaceResult:
        """Paste the restored pixels of a face's aligned crop; its kernel is in px of the photo."""
        now = align(self.out, face.landmarks, template)
        paste(self.out, now.pixels, _matched(restored, crop.pixels, now.pixels), crop.matrix, in_place=True)
        left, top, right, bottom = box = whole_box(self.blurred, face.box)
        after = self.out[top:bottom, left:right].copy()
        watch.tile(box, after)
        return FaceResult(face, _explanation(self.blurred[top:bottom, left:right], after))

    def explained(self, face: Face) -> FaceResult:
        """Return the explanation of one face in a restored whole photo."""
        left, top, right, bottom = whole_box(self.blurred, enlarged(face.box))
        region = np.s_[top:bottom, left:right]
        return FaceResult(face, _explanation(self.blurred[region], self.out[region]))


def _explanation(blurred: np.ndarray, restored: np.ndarray, known: Kernel | None = None) -> Explanation:
    """Explain a face by a part of its pixels: estimating its kernel would take longer than restoring it."""
    return explain(blurred, restored, known, window_of_kernel=WINDOW)


def _matched(restored: np.ndarray, blurred: np.ndarray, around: np.ndarray) -> np.ndarray:
    """Return the restored face with the tones of the blurred one, and the grain of the surrounding result."""
    return match_grain(match_colour(restored, blurred), around)


def template_of(method_id: str) -> Template:
    """Return the template of a method's training."""
    return method(method_id).template


def enlarged(box: Box) -> Box:
    """Return the box, wider and higher by `ENLARGED` of its sides, with the same centre."""
    left, top, right, bottom = box
    x, y = (right - left) * ENLARGED / 2, (bottom - top) * ENLARGED / 2
    return left - x, top - y, right + x, bottom + y


def chosen_faces(pixels: np.ndarray, boxes: tuple[Box, ...], found: list[Face]) -> list[Face]:
    """Return a face for each box: the one found there, otherwise one with typical landmarks."""
    chosen = []
    for box in boxes:
        nearest = max(found, key=lambda face: overlap(face.box, box), default=None)
        same = nearest is not None and overlap(nearest.box, box) >= SAME_FACE
        chosen.append(nearest if nearest is not None and same else drawn_face(pixels, box))
    return chosen


def drawn_face(pixels: np.ndarray, box: Box) -> Face:
    """Return a face for a box that the user drew and in which none was found."""
    left, top, right, bottom = box
    marks = tuple((left + u * (right - left), top + v * (bottom - top)) for u, v in USUAL_LANDMARKS)
    return Face(box, marks, 0.0, sharpness(pixels, box))  # type: ignore[arg-type]


def overlap(first: Box, second: Box) -> float:
    """Return intersection over union."""
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    shared = max(width, 0) * max(height, 0)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (first, second))
    return shared / (areas - shared) if areas > shared else 0.0
