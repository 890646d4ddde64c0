"""Masks that nobody has to paint."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.faces.face import Box
from engine.masks.mask import Mask, Size


def mask_of_faces(size: Size, boxes: Iterable[Box]) -> Mask:
    """Return a mask that is full in the area of each face, under its soft edge, and 0 elsewhere.

    size: (width, height) in px. boxes: of the faces, in px. The areas are those of a face's own strength.
    """
    from engine.restoration.strength import area, area_mask

    width, height = size
    mask = Mask.filled(size, 0)
    for box in boxes:
        left, top, right, bottom = area(box)
        inside = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
        if inside[0] >= inside[2] or inside[1] >= inside[3]:
            continue
        full = np.rint(area_mask(bottom - top, right - left) * 255).astype(np.uint8)
        own = full[inside[1] - top : inside[3] - top, inside[0] - left : inside[2] - left]
        mask = mask.replaced(inside, np.maximum(own, mask.region(inside)))
    return mask
