"""Draws the comparison sheet: the visible part of the photo and of every result."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.window.viewer.viewport import Viewport
from engine.photos.photo import Photo


def visible_part(viewport: Viewport) -> tuple[slice, slice]:
    """Return the rows and columns of the photo that a viewport shows."""
    left, top = viewport.to_photo(0, 0)
    right, bottom = viewport.to_photo(*viewport.view)
    width, height = viewport.photo
    columns = slice(max(0, math.floor(left)), min(width, math.ceil(right)))
    return slice(max(0, math.floor(top)), min(height, math.ceil(bottom))), columns


def write_sheet(
    photo: Photo, pictures: Sequence[tuple[str, np.ndarray]], part: tuple[slice, slice], target: Path
) -> None:
    """Draw that part of labelled H x W x 3 pixels side by side; enlarge small parts by whole pixels."""
    from app.sheet import CELL, draw_sheet, save_sheet
    from engine.photos.colour import to_srgb8
    from engine.photos.cutouts import on_white

    labelled = []
    for label, pixels in pictures:
        shown = to_srgb8(photo, np.ascontiguousarray(on_white(photo, pixels)[part]))
        times = max(1, CELL // max(shown.shape[:2]))
        labelled.append((label, shown.repeat(times, axis=0).repeat(times, axis=1)))
    save_sheet(draw_sheet(labelled), target)
