"""A result of a photo that is kept, with the choices under which it is seen."""

from __future__ import annotations

from dataclasses import dataclass

from app.marks import Marks, large_enough, own_strengths
from app.window.viewer.pyramid import Pyramid
from engine.choices import Choices
from engine.faces.face import Box
from engine.masks.mask import Mask
from engine.result import Result


@dataclass(frozen=True, eq=False)
class RunOutcome:
    """The result of a run and its picture."""

    result: Result | None = None
    restored: Pyramid | None = None


@dataclass(eq=False)
class Version:
    """number: counted from 1 in the order of making. name: the user's, "" for none.

    picture: what is shown of it at full strength. saved: it is safe on disk.
    """

    outcome: RunOutcome
    request: Choices
    marks: Marks
    mask: Mask | None
    picture: Pyramid | None
    saved: bool
    number: int
    name: str = ""

    @property
    def faces(self) -> tuple[tuple[Box, float], ...]:
        """The boxes whose faces have a strength of their own."""
        return own_strengths(large_enough(self.marks, self.request.smallest_face))

    @property
    def seen(self) -> tuple[object, ...]:
        """All that decides how the result is seen."""
        return self.request.strength, self.request.high_frequencies_only, self.faces, self.mask

    @property
    def bytes(self) -> int:
        """Roughly what its pixels take, with their levels for the screen."""
        return 0 if self.outcome.result is None else self.outcome.result.pixels.nbytes * 3 // 2
