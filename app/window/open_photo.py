"""One open photo and everything chosen or computed for it. Knows no widget and no Qt."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from app.window.finish import AS_RESTORED, Finish, finish_of
from app.window.identities import Identities
from app.window.marked_photo import Aspect, MarkedPhoto
from app.window.marks import Marks
from app.window.result_maps import ResultMap
from app.window.summary import same_run
from app.window.undo_steps import UndoSteps
from app.window.versions.version import RunOutcome, Version
from app.window.viewer.pyramid import Pyramid
from engine.areas.area import Areas, left_out, with_found
from engine.kernels.trust import Verdict
from engine.masks.mask import Mask
from engine.photos.photo import Photo
from engine.request import Request
from engine.result import Result


class State(Enum):
    """What goes on with a photo. EMPTY: its pixels are neither there nor awaited."""

    EMPTY = "empty"
    OPENING = "opening"
    READY = "ready"
    WORKING = "working"


@dataclass
class Defaults:
    """What holds for all open photos.

    pinned: the choices that the next photos begin with, None for Automatic. place: fields of `Request` that say where
    it runs.
    """

    pinned: Request | None = None
    place: dict[str, Any] = field(default_factory=dict)


class OpenPhoto(MarkedPhoto):
    """Only the GUI thread may use it. It tells each change to whoever watches it.

    before: the outcome that comes back if a run fails. untouched: the choices that need not be stored. was_saved:
    whether the result was saved whose pixels were dropped.
    """

    def __init__(self, path: Path | None, defaults: Defaults, watch: Callable[[MarkedPhoto, Aspect], object]) -> None:
        super().__init__(path, watch)
        self._defaults = defaults
        self._begun = self.was_saved = False
        self.mask: Mask | None = None
        self.untouched: tuple[Request, Marks, Mask | None] | None = None
        self.photo: Photo | None = None
        self.original: Pyramid | None = None
        self.restored: Pyramid | None = None
        self.result: Result | None = None
        self.before = RunOutcome()
        self.versions: tuple[Version, ...] = ()
        self.version: Version | None = None
        self.result_map: ResultMap | None = None
        self.refined: tuple[Finish, Pyramid] | None = None
        self.rival: Pyramid | None = None
        self.identities: Identities | None = None
        self.steps = UndoSteps()
        self.progress: tuple[float, str] = (0.0, "")
        self.state = State.EMPTY

    def drop_pixels(self) -> None:
        """Keep only the choices."""
        self.was_saved = self.saved if self.result is not None else self.was_saved
        self.photo = self.original = self.restored = self.result = self.version = None
        self.before, self.versions, self.saved, self.steps = RunOutcome(), (), True, UndoSteps()
        self._drop_extras()

    def _drop_extras(self) -> None:
        """Forget what was made beside the result."""
        self.result_map = self.refined = self.rival = self.identities = None

    def begin_opening(self) -> None:
        """Await the pixels. A photo that never had any begins with the pinned choices."""
        if not self._begun:
            pinned = self._defaults.pinned or Request()
            self.request = dataclasses.replace(pinned, photo=self.path, faces=None, kernel=None, areas=())
        self._enter(State.OPENING)

    def leave(self) -> None:
        """Await neither pixels nor faces any more, because another photo will be shown."""
        self.finding_faces = False
        self.steps.made.clear()
        self._drop_extras()
        if self.photo is None:
            self.state = State.EMPTY

    def take_choices(self, request: Request, marks: Marks, mask: Mask | None) -> None:
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
    def bytes(self) -> int:
        """Estimate the memory of the pixels: 12 bytes each as float32, 4 bytes and a third as levels."""
        if self.photo is None:
            return 0
        width, height = self.photo.size
        results = {id(version.outcome.result) for version in self.versions} | {id(self.to_save)}
        return width * height * (12 + 6) * (1 if self.to_save is None else 1 + len(results))

    @property
    def picture(self) -> Pyramid | None:
        """The restored picture, or what the choices make of it (less grain, fine detail alone) once that is made.

        While the slider of grain moves, the last one made is shown. Another file takes its place for as long as the
        two are compared.
        """
        return self.rival if self.rival is not None else self.own_picture

    @property
    def own_picture(self) -> Pyramid | None:
        """The same without the other file."""
        if self.refined is None or self.finish == AS_RESTORED:
            return self.restored
        made, picture = self.refined
        return picture if made.fine_only == self.finish.fine_only else self.restored

    @property
    def choices(self) -> tuple[Request, Marks, Mask | None]:
        """All that is stored of what the user chose."""
        return self.request, self._marks, self.mask

    @property
    def finish(self) -> Finish:
        """What the choices ask to be done to a result."""
        return finish_of(self.request)

    @property
    def to_save(self) -> Result | None:
        """The result that would be lost. During a run this is the previous one, since it may come back."""
        return self.result if self.result is not None else self.before.result

    @property
    def unsaved_beside(self) -> list[Version]:
        """The versions that are not saved, without the one that is shown."""
        shown = self.version if self.version is not None and self.version.outcome.result is self.to_save else None
        return [version for version in self.versions if version is not shown and not version.saved]

    @property
    def unsaved(self) -> bool:
        """Whether a result would be lost, or a version that is kept beside it."""
        return (self.to_save is not None and not self.saved) or bool(self.unsaved_beside)

    @property
    def outdated(self) -> bool:
        """Whether the choices differ from those of the result."""
        return self.result is not None and not same_run(self.result.request, self.request_to_run())

    @property
    def comparable(self) -> bool:
        """Whether there is a picture to compare the original with, or soon will be."""
        return self.picture is not None or self.state is State.WORKING

    def set_mask(self, mask: Mask | None) -> None:
        """Take another mask, or none: then the strength alone says how much of the result is seen."""
        if mask is not self.mask:
            self.mask = mask
            if self.to_save is not None:
                self.saved = False
            self.tell(Aspect.MASK)

    def restore_choices(
        self, request: Request, marks: Marks, mask: Mask | None, version: Version | None = None
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
        """Change fields of the request (see `engine.request.Request`)."""
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

    def take_kernels(self, found: Areas) -> None:
        """Take kernels that were found in the boxes of areas; that is no choice of the user."""
        areas = with_found(self.request.areas, found)
        if areas != self.request.areas:
            self.request = dataclasses.replace(self.request, areas=areas)
            self.tell(Aspect.REQUEST)

    def _pin_again(self) -> None:
        if self._defaults.pinned is not None:
            self._defaults.pinned = self.request

    def request_to_run(self) -> Request:
        """Return the request as it would be run now.

        If all faces are chosen, `faces` is None, so that a preset stays general.
        """
        everything = all(mark.chosen and mark.face for mark in self.marks)
        faces = None if everything else tuple(mark.box for mark in self.marks if mark.chosen)
        return dataclasses.replace(self.request, photo=self.path, faces=faces, **self._defaults.place)

    def begin_work(self) -> None:
        """Put the result before aside: it comes back if nothing comes of the work."""
        self.before = RunOutcome(self.result, self.restored)
        self.result = self.restored = None
        self._drop_extras()
        self.progress = (0.0, "start")
        self._enter(State.WORKING)
        self.tell(Aspect.PICTURE, Aspect.RESULT, Aspect.PROGRESS)

    def show_restored(self, restored: Pyramid) -> None:
        """Show a partial result: finished tiles over the original."""
        self.restored = restored
        self.tell(Aspect.PICTURE)

    def show_progress(self, fraction: float, text: str) -> None:
        """Report the progress, 0 to 1, and the current step."""
        self.progress = (fraction, text)
        self.tell(Aspect.PROGRESS)

    def finish_work(
        self, result: Result | None, restored: Pyramid | None = None, identities: Identities | None = None
    ) -> None:
        """Show the result. None, after a failure or a cancel, brings back the previous one."""
        if result is None:
            self.result, self.restored = self.before.result, self.before.restored
        else:
            self.result, self.restored = result, restored or self.restored
            self.saved = result.verdict is Verdict.UNCHANGED  # a copy of the photo is no loss
        self.before, self.result_map, self.refined, self.identities = RunOutcome(), None, None, identities
        self._enter(State.READY)
        self.tell(Aspect.PICTURE, Aspect.RESULT)
        self.take_kernels(() if result is None else result.areas)

    def bring_back(self, outcome: RunOutcome, saved: bool) -> None:
        """Show an earlier result again, after its choices came back."""
        self.result, self.restored, self.saved = outcome.result, outcome.restored, saved
        self._drop_extras()
        self.tell(Aspect.PICTURE, Aspect.RESULT)

    def show_map(self, shown: ResultMap | None) -> None:
        """Show a map over the result, or remove it."""
        self.result_map = shown
        self.tell(Aspect.PICTURE)

    def show_identities(self, identities: Identities) -> None:
        """Show how similar the faces still are."""
        self.identities = identities
        self.tell(Aspect.RESULT)

    def show_rival(self, rival: Pyramid | None) -> None:
        """Show another file's picture in place of the result, or the result again."""
        self.rival = rival
        self.tell(Aspect.PICTURE, Aspect.STATE)

    def show_refined(self, finish: Finish, picture: Pyramid) -> None:
        """Take what `finish` makes of the result."""
        self.refined = finish, picture
        self.tell(Aspect.PICTURE)

    def mark_saved(self, saved: bool = True) -> None:
        """Note whether the result is saved, or need not be."""
        self.saved = saved
        self.tell(Aspect.RESULT)

    def _enter(self, state: State) -> None:
        self.state = state
        self.tell(Aspect.STATE)
