"""The sharpest and the softest part of a photo, which show at full size whether it is worth keeping."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.diagnosis.diagnosis import Part, Spot
from engine.diagnosis.windows import Windows
from engine.faces.face import Face

FINENESS = 3  # column of a window's figures: how fine its edges are


def sharpness_of(fineness: float) -> float:
    """Return the sharpness in [0, 1] of a window with this fineness: 1 for edges of one px, 0 for those of many."""
    return float(np.clip(fineness, 0, 1))


def spots(seen: Windows, faces: Sequence[Face], shape: tuple[int, ...]) -> tuple[Spot, Spot] | tuple[None, None]:
    """Return the sharpest and the softest face of a picture of this shape, or window if there is no face."""
    if faces:
        height, width = shape[:2]
        found = sorted(faces, key=lambda face: face.sharpness)
        sharpest, softest = (Spot(_part(face.box, width, height), face.sharpness) for face in (found[-1], found[0]))
        return sharpest, softest
    if not len(seen.boxes):
        return None, None
    fineness = seen.figures[:, FINENESS]
    ends = (int(np.argmax(fineness)), int(np.argmin(fineness)))
    sharpest, softest = (Spot(_part(seen.boxes[at].tolist(), 1, 1), sharpness_of(fineness[at])) for at in ends)
    return sharpest, softest


def _part(box: Sequence[float], width: float, height: float) -> Part:
    left, top, right, bottom = box
    edges = (left / width, top / height, right / width, bottom / height)
    return Part(*(round(min(max(edge, 0.0), 1.0), 4) for edge in edges))
