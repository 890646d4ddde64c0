"""One open photo and everything chosen or computed for it. Knows no widget and no signal."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.marks import Marks
from app.window.photos.finish import finish_of
from app.window.photos.marked_photo import MarkedPhoto
from app.window.photos.photo_state import Aspect, State
from app.window.photos.restored_photo import RestoredPhoto
from app.window.photos.summary import made_by, same_run
from app.window.photos.undo_steps import UndoSteps
from app.window.versions.version import RunOutcome, Version
from app.window.viewer.pyramid import Pyramid
from engine.applicable import applicable
from engine.areas.area import left_out
from engine.choices import Choices
from engine.masks.mask import Mask
from engine.photos.photo import Photo


@dataclass
class Defaults:
    """What holds for all open photos. pinned: the choices that the next photos begin with, None for Automatic."""

    pinned: Choices | None = None


class OpenPhoto(RestoredPhoto):
    """Only the GUI thread may use it. It tells each change to whoever watches it.

    untouched: the choices that need not be stored. was_saved: whether the result was saved whose pixels were dropped.
    """

    def __init__(self, path: Path | None, defaults: Defaults, watch: Callable[[MarkedPhoto, Aspect], object]) -> None:
        super().__init__(path, watch)
        self._defaults = defaults
        self._begun = self.was_saved = False
        self.mask: Mask | None = None
        self.untouched: tuple[Choices, Marks, Mask | None] | None = None
        self.steps = UndoSteps()

    def drop_pixels(self) -> None:
        """Keep only the choices."""
        self.was_saved = self.saved if self.result is not None else self.was_saved
        self.photo = self.original = self.restored = self.result = self.version = None
        self.before, self.versions, self.saved, self.steps = RunOutcome(), (), True, UndoSteps()
        self._drop_extras()

    def begin_opening(self) -> None:
        """Await the pixels. A photo that never had any begins with the pinned choices."""
        if not self._begun:
            pinned = self._defaults.pinned or Choices()
            self.request = dataclasses.replace(pinned, faces=None, kernel=None, areas=())
        self._enter(State.OPENING)

    def leave(self) -> None:
        """Await neither pixels nor faces any more, because another photo will be shown."""
        self.finding_faces = False
        self.steps.made.clear()
        self._drop_extras()
        if self.photo is None:
            self.state = State.EMPTY

    def take_choices(self, request: Choices, marks: Marks, mask: Mask | None) -> None:
        """Restore the choices that were stored, unless the photo has choices already."""
        if not self._begun:
            self.request, self._marks, self.searched, self.mask = request, marks, True, mask
            self.tell(Aspect.REQUEST, Aspect.MARKS, Aspect.MASK)

    def show_photo(self, photo: Photo, original: Pyramid) -> None:
        """Take the pixels that were read. A later call may bring a finer pyramid."""
        first = photo is not self.photo
        self.photo, self.original, self._begun = photo, original, True
        if first:
            self.steps = UndoSteps()
            self._enter(State.READY)
            self.tell(Aspect.PHOTO)
        self.tell(Aspect.PICTURE)

    @property
    def choices(self) -> tuple[Choices, Marks, Mask | None]:
        """All that is stored of what the user chose."""
        return self.request, self._marks, self.mask

    @property
    def outdated(self) -> bool:
        """Whether the choices differ from those of the result."""
        return self.result is not None and not same_run(self.result.request, self.choices_to_run())

    def set_mask(self, mask: Mask | None) -> None:
        """Take another mask, or none: then the strength alone says how much of the result is seen."""
        if mask is not self.mask:
            self.mask = mask
            if self.to_save is not None:
                self.saved = False
            self.tell(Aspect.MASK)

    def restore_choices(
        self, request: Choices, marks: Marks, mask: Mask | None, version: Version | None = None
    ) -> None:
        """Go back to other choices, and to the version with them; all is in force before anybody is told."""
        before, seen = self.choices, self._seen()
        self.request, self._marks, self.mask = request, marks, mask
        if marks != before[1]:
            self.finding_faces, self.searched = False, True
        self._pin_again()
        switched = version is not None and version in self.versions and version.outcome.result is not self.result
        if version is not None and version in self.versions:
            self._switch(version)
        elif self._seen() != seen and self.to_save is not None:
            self.saved = False
        other_look = finish_of(request) != finish_of(before[0])
        other_sizes = request.smallest_face != before[0].smallest_face
        for aspect, changed in (
            (Aspect.PICTURE, switched or other_look),
            (Aspect.REQUEST, request != before[0]),
            (Aspect.MARKS, marks != before[1] or other_sizes),
            (Aspect.MASK, mask is not before[2]),
            (Aspect.RESULT, switched),
        ):
            if changed:
                self.tell(aspect)

    def _switch(self, version: Version) -> None:
        self.saved = version.saved and version.seen == self._seen()
        if version.outcome.result is not self.result:
            self.result, self.restored = version.outcome.result, version.outcome.restored
            self._drop_extras()
            if version.picture is not None and version.picture is not self.restored:
                self.refined = finish_of(version.request), version.picture
        self.version = version

    def _seen(self) -> tuple[object, ...]:
        """Return all that decides how a result is seen."""
        return self.request.strength, self.finish, self.own_strengths, self.mask

    def change_request(self, **choices: Any) -> None:
        """Change some of the choices (see `engine.choices.Choices`)."""
        changed = dataclasses.replace(self.request, **choices)
        if changed != self.request:
            other_faces = changed.smallest_face != self.request.smallest_face
            refined = finish_of(changed) != self.finish
            if (refined or changed.strength != self.request.strength) and self.to_save is not None:
                self.saved = False
            self.request = changed
            self._pin_again()
            if refined:
                self.tell(Aspect.PICTURE)
            self.tell(Aspect.REQUEST)
            if other_faces:
                self.tell(Aspect.MARKS)

    def choose_method(self, method: str | None = None, kernel: Path | None = None) -> None:
        """Restore by a method, or by the kernel in a file; blur areas are left out, but stay."""
        chosen = {} if method is None else {"method": method}
        self.change_request(**chosen, kernel=kernel, areas=left_out(self.request.areas))

    def choose_as_made(self) -> None:
        """Choose again what the result was made by."""
        if self.result is not None:
            self.change_request(**made_by(self.result))
            self.choose_boxes(self.result.request.faces)

    def _pin_again(self) -> None:
        if self._defaults.pinned is not None:
            self._defaults.pinned = self.request

    def choices_to_run(self) -> Choices:
        """Return the choices as they would be run now.

        If all faces are chosen, `faces` is None, so that a preset stays general. What would change nothing for the
        chosen method is left out.
        """
        everything = all(mark.chosen and mark.face for mark in self.marks)
        faces = None if everything else tuple(mark.box for mark in self.marks if mark.chosen)
        return applicable(dataclasses.replace(self.request, faces=faces))
