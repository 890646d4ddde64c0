"""The boxes over an open photo, and how they change. Knows no widget and no signal."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.marks import FaceMark, Marks, all_with, large_enough, own_strengths, replaced
from app.window.photos.photo_state import Aspect
from engine.choices import Choices
from engine.faces.face import Box, Face
from engine.result import Result


class MarkedPhoto:
    """What is known of the faces. finding_faces: a search is under way. searched: none is needed any more.
    request: what the user asks for; where it runs is decided when a run begins.

    watch: called with the photo and each aspect that changed.
    """

    def __init__(self, path: Path | None, watch: Callable[[MarkedPhoto, Aspect], object]) -> None:
        self.path = path
        self._watch = watch
        self._marks: Marks = ()
        self.finding_faces = self.searched = False
        self.request = Choices()
        self.saved = True

    def tell(self, *aspects: Aspect) -> None:
        """Report what changed."""
        for aspect in aspects:
            self._watch(self, aspect)

    @property
    def to_save(self) -> Result | None:
        """The result that would be lost."""
        raise NotImplementedError

    def look_for_faces(self, looking: bool) -> None:
        """Report that a search for faces has begun or ended."""
        self.finding_faces, self.searched = looking, not looking
        self.tell(Aspect.MARKS)

    @property
    def marks(self) -> Marks:
        """The boxes over the photo that are large enough to count."""
        return large_enough(self._marks, self.request.smallest_face)

    @property
    def faces(self) -> tuple[Face, ...]:
        """The faces in the boxes; boxes that the user drew have no landmarks."""
        return tuple(mark.face for mark in self.marks if mark.face is not None)

    @property
    def own_strengths(self) -> tuple[tuple[Box, float], ...]:
        """The boxes whose faces have their own strength."""
        return own_strengths(self.marks)

    @property
    def all_marks(self) -> Marks:
        """All boxes over the photo, small ones included."""
        return self._marks

    @property
    def too_small(self) -> int:
        """How many faces are below the smallest size."""
        return len(self._marks) - len(self.marks)

    def set_marks(self, marks: Marks) -> None:
        """Replace the boxes over the photo, small ones included."""
        self.finding_faces, self.searched = False, True
        before, self._marks = self.own_strengths, marks
        if self.to_save is not None and self.own_strengths != before:
            self.saved = False
        self.tell(Aspect.MARKS)

    def add_mark(self, box: Box) -> None:
        """Add a box that the user drew, as chosen."""
        self.set_marks((*self._marks, FaceMark(box)))

    def change_mark(self, index: int, **changes: Any) -> None:
        """Change fields of the visible mark at this index."""
        mark = self.marks[index]
        self.set_marks(replaced(self._marks, mark, dataclasses.replace(mark, **changes)))

    def toggle_mark(self, index: int) -> None:
        """Choose a face, or leave it out."""
        self.change_mark(index, chosen=not self.marks[index].chosen)

    def forget_own_strengths(self) -> None:
        """Give every face the strength of the photo."""
        self.set_marks(all_with(self._marks, strength=None))

    def remove_mark(self, index: int) -> None:
        """Remove a box."""
        self.set_marks(replaced(self._marks, self.marks[index]))

    def choose_all(self, chosen: bool) -> None:
        """Choose every face, or none."""
        self.set_marks(all_with(self._marks, chosen=chosen))

    def choose_boxes(self, boxes: tuple[Box, ...] | None) -> None:
        """Choose exactly the faces with these boxes; None chooses every face."""
        marks = [dataclasses.replace(mark, chosen=boxes is None or mark.box in boxes) for mark in self._marks]
        if tuple(marks) != self._marks:
            self.set_marks(tuple(marks))
