"""The boxes over a photo: faces that were found, and boxes that the user drew."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from engine.faces.face import Box, Face


@dataclass(frozen=True)
class FaceMark:
    """A box over the photo. face: score and sharpness of a found face, None for a drawn box.

    strength: of this face alone, 0 to 1; None for that of the photo.
    """

    box: Box
    face: Face | None = None
    chosen: bool = True
    strength: float | None = None


Marks = tuple[FaceMark, ...]


def large_enough(marks: Marks, smallest: float) -> Marks:
    """Return the drawn boxes, and the faces that are at least `smallest` px large."""
    return tuple(mark for mark in marks if mark.face is None or mark.face.size >= smallest)


def own_strengths(marks: Marks) -> tuple[tuple[Box, float], ...]:
    """Return the boxes whose faces have their own strength."""
    return tuple((mark.box, mark.strength) for mark in marks if mark.strength is not None)


def all_with(marks: Marks, **changes: Any) -> Marks:
    """Return the marks with the same change in each."""
    return tuple(dataclasses.replace(mark, **changes) for mark in marks)


def replaced(marks: Marks, mark: FaceMark, *instead: FaceMark) -> Marks:
    """Return the marks with others, or none, in place of this one (compared by identity)."""
    at = next(place for place, known in enumerate(marks) if known is mark)
    return (*marks[:at], *instead, *marks[at + 1 :])
