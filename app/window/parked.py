"""What stays of a photo that is open while another one is shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.window.marks import Marks, large_enough, own_strengths
from app.window.viewer.pyramid import Pyramid
from engine.faces.face import Box
from engine.photos.photo import Photo
from engine.request import Request
from engine.result import Result

if TYPE_CHECKING:
    from app.window.document import State


@dataclass(eq=False)
class Parked:
    """Its choices, and its pixels as long as there is room for them."""

    path: Path
    request: Request
    marks: Marks
    searched: bool
    photo: Photo | None
    original: Pyramid | None
    restored: Pyramid | None
    result: Result | None
    saved: bool
    state: State
    progress: tuple[float, str]

    @property
    def unsaved(self) -> bool:
        """Whether a result would be lost."""
        return self.result is not None and not self.saved

    @property
    def own_strengths(self) -> tuple[tuple[Box, float], ...]:
        """The boxes whose faces have a strength of their own."""
        return own_strengths(large_enough(self.marks, self.request.smallest_face))

    @property
    def bytes(self) -> int:
        """Roughly what the pixels take: 12 bytes as float32, 4 with a third more as levels."""
        if self.photo is None:
            return 0
        width, height = self.photo.size
        return width * height * (12 + 6) * (1 if self.result is None else 2)

    def drop_pixels(self) -> None:
        """Keep the choices alone."""
        self.photo = self.original = self.restored = self.result = None
