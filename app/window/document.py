"""What the window is about: one photo, its faces, the request, the result. Knows no widget."""

from __future__ import annotations

import dataclasses
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.window.identities import Identities
from app.window.marks import FaceMark, Marks, all_with, large_enough, own_strengths, replaced
from app.window.parked import Outcome, Parked, latest
from app.window.summary import same_run
from app.window.versions.version import Version
from app.window.viewer.pyramid import Pyramid
from engine.faces.face import Box, Face
from engine.kernels.trust import Verdict
from engine.masks.mask import Mask
from engine.photos.photo import Photo
from engine.request import Request
from engine.result import Result


class State(Enum):
    """What can be done now."""

    EMPTY = "empty"
    OPENING = "opening"
    READY = "ready"
    WORKING = "working"


class Document(QObject):
    """One photo and everything decided and learnt about it; each change is announced once.

    Only the GUI thread may touch it. pinned: the choices that the next photos begin with, None for Automatic.
    """

    photo_changed = Signal()
    picture_changed = Signal()
    marks_changed = Signal()
    mask_changed = Signal()
    request_changed = Signal()
    result_changed = Signal()
    progress_changed = Signal()
    state_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self.photo: Photo | None = None
        self.original: Pyramid | None = None
        self.restored: Pyramid | None = None
        self._marks: Marks = ()
        self.mask: Mask | None = None
        self.finding_faces = self.searched = False
        self.request = Request()
        self.pinned: Request | None = None
        self.place: dict[str, Any] = {}
        self.result: Result | None = None
        self.before = Outcome()
        self.versions: tuple[Version, ...] = ()
        self.version: Version | None = None
        self.trust_map: Pyramid | None = None
        self.fine: Pyramid | None = None
        self.rival: Pyramid | None = None
        self.identities: Identities | None = None
        self.saved = True
        self.progress: tuple[float, str] = (0.0, "")
        self.state = State.EMPTY

    def park(self) -> Parked:
        """Return all there is about the open photo, for the time that another one is shown."""
        assert self.path is not None
        return Parked(
            self.path,
            self.request,
            self._marks,
            self.searched,
            self.photo,
            self.original,
            self.restored,
            self.result,
            self.before,
            self.saved,
            self.state,
            self.progress,
            self.mask,
            self.versions,
            self.version,
        )

    def take_up(self, parked: Parked) -> None:
        """Show a photo again whose pixels are still there."""
        self.path, self.photo, self.original = parked.path, parked.photo, parked.original
        self.restored, self.result, self.before = parked.restored, parked.result, parked.before
        self.versions, self.version = parked.versions, parked.version
        self.trust_map = self.fine = self.rival = self.identities = None
        self._marks, self.mask, self.saved = parked.marks, parked.mask, parked.saved
        self.finding_faces, self.searched = False, parked.searched
        self.request, self.progress = parked.request, parked.progress
        self._enter(parked.state)
        self._tell_all()

    def _tell_all(self) -> None:
        """Say that another photo, or none, is shown."""
        for signal in (
            self.photo_changed,
            self.picture_changed,
            self.marks_changed,
            self.mask_changed,
            self.request_changed,
            self.result_changed,
        ):
            signal.emit()

    def take_choices(self, request: Request, marks: Marks, searched: bool = True, mask: Mask | None = None) -> None:
        """Take what was decided about the photo earlier, before its pixels come."""
        self.request, self._marks, self.searched, self.mask = request, marks, searched, mask
        self.request_changed.emit()
        self.marks_changed.emit()
        self.mask_changed.emit()

    def begin_opening(self, path: Path) -> None:
        """Forget the photo before and what was chosen for it, unless those choices are pinned."""
        self.request = dataclasses.replace(self.pinned or Request(), photo=path, faces=None, kernel=None)
        self._let_go(path, State.OPENING)

    def close_photo(self) -> None:
        """Go back to the empty state."""
        self._let_go(None, State.EMPTY)

    def _let_go(self, path: Path | None, state: State) -> None:
        """Forget the photo, its pixels and all that was made of them."""
        self.path = path
        self.photo = self.original = self.restored = self.result = None
        self.trust_map = self.fine = self.rival = self.identities = None
        self._marks, self.mask, self.saved, self.before = (), None, True, Outcome()
        self.versions, self.version = (), None
        self.finding_faces = self.searched = False
        self._enter(state)
        self._tell_all()

    def show_photo(self, photo: Photo, original: Pyramid) -> None:
        """Take the pixels that were read; a finer pyramid may follow by the same way."""
        first = photo is not self.photo
        self.photo, self.original = photo, original
        if first:
            self._enter(State.READY)
            self.photo_changed.emit()
        self.picture_changed.emit()

    def look_for_faces(self, looking: bool) -> None:
        """Say that a search for faces has begun or ended."""
        self.finding_faces, self.searched = looking, not looking
        self.marks_changed.emit()

    @property
    def marks(self) -> Marks:
        """The boxes over the photo that are large enough to count."""
        return large_enough(self._marks, self.request.smallest_face)

    @property
    def faces(self) -> tuple[Face, ...]:
        """The faces among the boxes; what the user drew has no landmarks."""
        return tuple(mark.face for mark in self.marks if mark.face is not None)

    @property
    def own_strengths(self) -> tuple[tuple[Box, float], ...]:
        """The boxes whose faces have a strength of their own."""
        return own_strengths(self.marks)

    @property
    def shown_restored(self) -> Pyramid | None:
        """The restored picture, or its fine detail alone over the original once that is wanted and made.

        Another file takes its place for as long as the two are compared.
        """
        return self.rival if self.rival is not None else self.shown_result

    @property
    def shown_result(self) -> Pyramid | None:
        """The same without the other file."""
        return self.fine if self.request.high_frequencies_only and self.fine is not None else self.restored

    @property
    def to_save(self) -> Result | None:
        """The result that would be lost; while another run is under way the one before, which may come back."""
        return latest(self)

    @property
    def comparable(self) -> bool:
        """Whether there is something beside the original to look at, or soon will be."""
        return self.shown_restored is not None or self.state is State.WORKING

    @property
    def all_marks(self) -> Marks:
        """The boxes over the photo, small ones included."""
        return self._marks

    def set_mask(self, mask: Mask | None) -> None:
        """Take another mask, or none: then the strength alone says how much of the result is seen."""
        if mask is not self.mask:
            self.mask = mask
            if self.to_save is not None:
                self.saved = False
            self.mask_changed.emit()

    def restore_choices(
        self, request: Request, marks: Marks, mask: Mask | None, version: Version | None = None
    ) -> None:
        """Go back to other choices, and to the version with them; all is in force before anybody is told."""
        before, seen = (self.request, self._marks, self.mask), self._seen()
        self.request, self._marks, self.mask = request, marks, mask
        if marks != before[1]:
            self.finding_faces, self.searched = False, True
        if self.pinned is not None:
            self.pinned = request
        switched = version is not None and version in self.versions and version.outcome.result is not self.result
        if version is not None and version in self.versions:
            self._switch(version)
        elif self._seen() != seen and self.to_save is not None:
            self.saved = False
        other_look = request.high_frequencies_only != before[0].high_frequencies_only
        other_sizes = request.smallest_face != before[0].smallest_face
        for signal, changed in (
            (self.picture_changed, switched or other_look),
            (self.request_changed, request != before[0]),
            (self.marks_changed, marks != before[1] or other_sizes),
            (self.mask_changed, mask is not before[2]),
            (self.result_changed, switched),
        ):
            if changed:
                signal.emit()

    def _switch(self, version: Version) -> None:
        self.saved = version.saved and version.seen == self._seen()
        if version.outcome.result is not self.result:
            self.result, self.restored = version.outcome.result, version.outcome.restored
            self.trust_map = self.fine = self.rival = self.identities = None
            if version.request.high_frequencies_only and version.picture is not self.restored:
                self.fine = version.picture
        self.version = version

    def _seen(self) -> tuple[object, ...]:
        """Return all that decides how a result is seen."""
        return self.request.strength, self.request.high_frequencies_only, self.own_strengths, self.mask

    @property
    def too_small(self) -> int:
        """How many faces were found below the smallest size."""
        return len(self._marks) - len(self.marks)

    def set_marks(self, marks: Marks) -> None:
        """Replace the boxes over the photo, small ones included."""
        self.finding_faces, self.searched = False, True
        before, self._marks = self.own_strengths, marks
        if self.to_save is not None and self.own_strengths != before:
            self.saved = False
        self.marks_changed.emit()

    def add_mark(self, box: Box) -> None:
        """Add a box that the user drew; it is chosen."""
        self.set_marks((*self._marks, FaceMark(box)))

    def change_mark(self, index: int, **changes: Any) -> None:
        """Change fields of the visible mark of that index."""
        mark = self.marks[index]
        self.set_marks(replaced(self._marks, mark, dataclasses.replace(mark, **changes)))

    def toggle_mark(self, index: int) -> None:
        """Choose a face, or leave it out."""
        self.change_mark(index, chosen=not self.marks[index].chosen)

    def forget_own_strengths(self) -> None:
        """Give every face the strength of the photo."""
        self.set_marks(all_with(self._marks, strength=None))

    def remove_mark(self, index: int) -> None:
        """Take a box away."""
        self.set_marks(replaced(self._marks, self.marks[index]))

    def choose_all(self, chosen: bool) -> None:
        """Choose every face, or none."""
        self.set_marks(all_with(self._marks, chosen=chosen))

    def choose_boxes(self, boxes: tuple[Box, ...] | None) -> None:
        """Choose the faces with these boxes and no other; None chooses every face."""
        marks = [dataclasses.replace(mark, chosen=boxes is None or mark.box in boxes) for mark in self._marks]
        if tuple(marks) != self._marks:
            self.set_marks(tuple(marks))

    def change_request(self, **choices: Any) -> None:
        """Change fields of the request (see `engine.request.Request`)."""
        changed = dataclasses.replace(self.request, **choices)
        if changed != self.request:
            other_faces = changed.smallest_face != self.request.smallest_face
            blended = (changed.strength, changed.high_frequencies_only)
            if blended != (self.request.strength, self.request.high_frequencies_only) and self.to_save is not None:
                self.saved = False
            refined = changed.high_frequencies_only != self.request.high_frequencies_only
            self.request = changed
            if self.pinned is not None:
                self.pinned = changed
            if refined:
                self.picture_changed.emit()
            self.request_changed.emit()
            if other_faces:
                self.marks_changed.emit()

    def request_to_run(self) -> Request:
        """Return the request, at the `place` of the settings, with the chosen faces.

        None stands for all that were found, so that a preset stays general.
        """
        everything = all(mark.chosen and mark.face for mark in self.marks)
        faces = None if everything else tuple(mark.box for mark in self.marks if mark.chosen)
        return dataclasses.replace(self.request, photo=self.path, faces=faces, **self.place)

    def begin_work(self) -> None:
        """Put the result before aside: it comes back if nothing comes of the work."""
        self.before = Outcome(self.result, self.restored)
        self.result = self.trust_map = self.restored = self.fine = self.rival = self.identities = None
        self.progress = (0.0, "start")
        self._enter(State.WORKING)
        for signal in (self.picture_changed, self.result_changed, self.progress_changed):
            signal.emit()

    def show_restored(self, restored: Pyramid) -> None:
        """Show what is restored so far: the original, which tiles cover one by one."""
        self.restored = restored
        self.picture_changed.emit()

    def show_progress(self, fraction: float, text: str) -> None:
        """Say how far the work is, 0 to 1, and at what."""
        self.progress = (fraction, text)
        self.progress_changed.emit()

    def finish_work(
        self, result: Result | None, restored: Pyramid | None = None, identities: Identities | None = None
    ) -> None:
        """Take the result; None after a failure or a cancel, which brings back what was there before."""
        if result is None:
            self.result, self.restored = self.before.result, self.before.restored
        else:
            self.result, self.restored = result, restored or self.restored
            self.saved = result.verdict is Verdict.UNCHANGED  # a copy of the photo is no loss
        self.before, self.trust_map, self.fine, self.identities = Outcome(), None, None, identities
        self._enter(State.READY)
        self.picture_changed.emit()
        self.result_changed.emit()

    def bring_back(self, outcome: Outcome, saved: bool) -> None:
        """Show an earlier result again, whose choices have come back."""
        self.result, self.restored, self.saved = outcome.result, outcome.restored, saved
        self.trust_map = self.fine = self.rival = self.identities = None
        self.picture_changed.emit()
        self.result_changed.emit()

    @property
    def outdated(self) -> bool:
        """Whether something else is chosen than what the result was made by."""
        return self.result is not None and not same_run(self.result.request, self.request_to_run())

    def pin(self, pinned: bool) -> None:
        """Let the next photos begin with the choices of this one, or with Automatic again."""
        self.pinned = self.request if pinned else None
        self.request_changed.emit()

    def show_trust_map(self, trust_map: Pyramid | None) -> None:
        """Show the map of the residual in place of the pictures, or take it away."""
        self.trust_map = trust_map
        self.picture_changed.emit()

    def show_identities(self, identities: Identities) -> None:
        """Tell who the faces still are."""
        self.identities = identities
        self.result_changed.emit()

    def show_rival(self, rival: Pyramid | None) -> None:
        """Show another file's picture in place of the result, or the result again."""
        self.rival = rival
        self.picture_changed.emit()
        self.state_changed.emit()

    def show_fine(self, fine: Pyramid) -> None:
        """Take the picture of the fine detail alone."""
        self.fine = fine
        self.picture_changed.emit()

    def mark_saved(self, saved: bool = True) -> None:
        """Note whether the result is safe on disk, or need not be."""
        self.saved = saved
        self.result_changed.emit()

    def _enter(self, state: State) -> None:
        self.state = state
        self.state_changed.emit()
