"""A face in a photo."""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True)
class Face:
    """A face that was found.

    box: left, top, right, bottom in px. landmarks: the eye on the picture's left, the eye on its right, nose tip,
    mouth corner on the left, mouth corner on the right, each (x, y) in px. score: in [0, 1].
    sharpness: in [0, 1]; 1 is as sharp as a good photo (see engine.faces.sharpness).
    """

    box: Box
    landmarks: tuple[Point, Point, Point, Point, Point]
    score: float
    sharpness: float

    @property
    def size(self) -> float:
        """The longer side of the box in px."""
        left, top, right, bottom = self.box
        return max(right - left, bottom - top)
