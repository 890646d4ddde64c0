"""The steps of an open photo that can be undone and redone."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.marks import Marks
from app.window.versions.version import RunOutcome, Version
from engine.choices import Choices
from engine.masks.mask import Mask


@dataclass(frozen=True)
class Step:
    """Everything that the user chose for a photo."""

    request: Choices
    marks: Marks
    mask: Mask | None = None
    version: Version | None = None


@dataclass(eq=False)
class PastResult:
    """An earlier result of the photo."""

    outcome: RunOutcome
    saved: bool


@dataclass(eq=False)
class UndoSteps:
    """made: the latest results, which come back with their choices. kind: of the last change, see `History`."""

    past: list[Step] = field(default_factory=list)
    future: list[Step] = field(default_factory=list)
    made: list[PastResult] = field(default_factory=list)
    kind: object = None
    now: Step = Step(Choices(), ())
