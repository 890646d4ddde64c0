"""What is kept of an open photo while another one is shown."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.window.marks import Marks, large_enough, own_strengths
from app.window.viewer.pyramid import Pyramid
from engine.faces.face import Box
from engine.masks.mask import Mask
from engine.photos.photo import Photo
from engine.request import Request
from engine.result import Result

if TYPE_CHECKING:
    from app.window.document import Document, State
    from app.window.versions.version import Version


@dataclass(frozen=True, eq=False)
class RunOutcome:
    """The result of a run and its picture."""

    result: Result | None = None
    restored: Pyramid | None = None


def latest(held: Document | Parked) -> Result | None:
    """Return the last result. During a run this is the previous one, which comes back if the run fails."""
    return held.result if held.result is not None else held.before.result


def unsaved_beside(held: Document | Parked) -> list[Version]:
    """Return the versions that are not saved, without the one that the photo shows."""
    shown = held.version if held.version is not None and held.version.outcome.result is held.to_save else None
    return [version for version in held.versions if version is not shown and not version.saved]


def request_to_run(path: Path | None, request: Request, marks: Marks) -> Request:
    """Return the request with the chosen faces; where it runs is decided when it begins.

    If all faces are chosen, `faces` is None, so that a preset stays general.
    """
    counted = large_enough(marks, request.smallest_face)
    everything = all(mark.chosen and mark.face for mark in counted)
    faces = None if everything else tuple(mark.box for mark in counted if mark.chosen)
    return dataclasses.replace(request, photo=path, faces=faces)


@dataclass(eq=False)
class Parked:
    """The photo's choices, and its pixels as long as there is room.

    before: the outcome that comes back if a run fails.
    """

    path: Path
    request: Request
    marks: Marks
    searched: bool
    photo: Photo | None
    original: Pyramid | None
    restored: Pyramid | None
    result: Result | None
    before: RunOutcome
    saved: bool
    state: State
    progress: tuple[float, str]
    mask: Mask | None = None
    versions: tuple[Version, ...] = ()
    version: Version | None = None

    @property
    def to_save(self) -> Result | None:
        """The result that would be lost."""
        return latest(self)

    @property
    def unsaved(self) -> bool:
        """Whether a result would be lost, or a version that is kept beside it."""
        return (self.to_save is not None and not self.saved) or bool(unsaved_beside(self))

    @property
    def all_marks(self) -> Marks:
        """All boxes over the photo, small ones included."""
        return self.marks

    @property
    def own_strengths(self) -> tuple[tuple[Box, float], ...]:
        """The boxes whose faces have their own strength."""
        return own_strengths(large_enough(self.marks, self.request.smallest_face))

    @property
    def bytes(self) -> int:
        """Estimate the memory of the pixels: 12 bytes each as float32, 4 bytes and a third as levels."""
        if self.photo is None:
            return 0
        width, height = self.photo.size
        results = {id(version.outcome.result) for version in self.versions} | {id(self.to_save)}
        return width * height * (12 + 6) * (1 if self.to_save is None else 1 + len(results))

    def drop_pixels(self) -> None:
        """Keep only the choices."""
        self.photo = self.original = self.restored = self.result = self.version = None
        self.versions = ()
