"""The window's data: one photo, its faces, the request, the result. Knows no widget."""

from __future__ import annotations

import dataclasses
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.window.finish import AS_RESTORED, Finish, finish_of
from app.window.identities import Identities
from app.window.marked_photo import MarkedPhoto
from app.window.marks import Marks
from app.window.parked import Parked, RunOutcome, latest, request_to_run
from app.window.result_maps import ResultMap
from app.window.summary import same_run
from app.window.versions.version import Version
from app.window.viewer.pyramid import Pyramid
from engine.areas.area import Areas, left_out, with_found
from engine.kernels.trust import Verdict
from engine.masks.mask import Mask
from engine.photos.photo import Photo
from engine.request import Request
from engine.result import Result


class State(Enum):
    """What the document is doing."""

    EMPTY = "empty"
    OPENING = "opening"
    READY = "ready"
    WORKING = "working"


class Document(MarkedPhoto):
    """One photo and everything chosen or computed for it. Each change emits one signal.

    Only the GUI thread may use it. pinned: the choices that the next photos begin with, None for Automatic.
    """

    photo_changed = Signal()
    picture_changed = Signal()
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
        self.mask: Mask | None = None
        self.pinned: Request | None = None
        self.result: Result | None = None
        self.before = RunOutcome()
        self.versions: tuple[Version, ...] = ()
        self.version: Version | None = None
        self.result_map: ResultMap | None = None
        self.refined: tuple[Finish, Pyramid] | None = None
        self.rival: Pyramid | None = None
        self.identities: Identities | None = None
        self.progress: tuple[float, str] = (0.0, "")
        self.state = State.EMPTY

    def park(self) -> Parked:
        """Return everything about the open photo, to keep it while another one is shown."""
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
        """Show a photo again whose pixels are still in memory."""
        self.path, self.photo, self.original = parked.path, parked.photo, parked.original
        self.restored, self.result, self.before = parked.restored, parked.result, parked.before
        self.versions, self.version = parked.versions, parked.version
        self.result_map = self.refined = self.rival = self.identities = None
        self._marks, self.mask, self.saved = parked.marks, parked.mask, parked.saved
        self.finding_faces, self.searched = False, parked.searched
        self.request, self.progress = parked.request, parked.progress
        self._enter(parked.state)
        self._tell_all()

    def _tell_all(self) -> None:
        """Emit that another photo, or none, is shown."""
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
        """Restore earlier choices for the photo, before its pixels arrive."""
        self.request, self._marks, self.searched, self.mask = request, marks, searched, mask
        self.request_changed.emit()
        self.marks_changed.emit()
        self.mask_changed.emit()

    def begin_opening(self, path: Path) -> None:
        """Forget the previous photo and its choices, unless those are pinned."""
        self.request = dataclasses.replace(self.pinned or Request(), photo=path, faces=None, kernel=None, areas=())
        self._let_go(path, State.OPENING)

    def close_photo(self) -> None:
        """Go back to the empty state."""
        self._let_go(None, State.EMPTY)

    def _let_go(self, path: Path | None, state: State) -> None:
        """Forget the photo, its pixels and everything made from them."""
        self.path = path
        self.photo = self.original = self.restored = self.result = None
        self.result_map = self.refined = self.rival = self.identities = None
        self._marks, self.mask, self.saved, self.before = (), None, True, RunOutcome()
        self.versions, self.version = (), None
        self.finding_faces = self.searched = False
        self._enter(state)
        self._tell_all()

    def show_photo(self, photo: Photo, original: Pyramid) -> None:
        """Show the pixels that were read. A later call may bring a finer pyramid."""
        first = photo is not self.photo
        self.photo, self.original = photo, original
        if first:
            self._enter(State.READY)
            self.photo_changed.emit()
        self.picture_changed.emit()

    @property
    def shown_restored(self) -> Pyramid | None:
        """The restored picture, or what the choices make of it (less grain, fine detail alone) once that is made.

        While the slider of grain moves, the last one made is shown. Another file takes its place for as long as the
        two are compared.
        """
        return self.rival if self.rival is not None else self.shown_result

    @property
    def shown_result(self) -> Pyramid | None:
        """The same without the other file."""
        if self.refined is None or self.finish == AS_RESTORED:
            return self.restored
        made, picture = self.refined
        return picture if made.fine_only == self.finish.fine_only else self.restored

    @property
    def finish(self) -> Finish:
        """What the choices ask to be done to a result."""
        return finish_of(self.request)

    @property
    def to_save(self) -> Result | None:
        """The result that would be lost. During a run this is the previous one, since it may come back."""
        return latest(self)

    @property
    def comparable(self) -> bool:
        """Whether there is a picture to compare the original with, or soon will be."""
        return self.shown_restored is not None or self.state is State.WORKING

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
        other_look = finish_of(request) != finish_of(before[0])
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
            self.result_map = self.refined = self.rival = self.identities = None
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
            if self.pinned is not None:
                self.pinned = changed
            if refined:
                self.picture_changed.emit()
            self.request_changed.emit()
            if other_faces:
                self.marks_changed.emit()

    def choose_method(self, method: str | None = None, kernel: Path | None = None) -> None:
        """Restore by a method, or by the kernel in a file; blur areas are left out, but stay."""
        chosen = {} if method is None else {"method": method}
        self.change_request(**chosen, kernel=kernel, areas=left_out(self.request.areas))

    def take_kernels(self, found: Areas) -> None:
        """Take kernels that were found in the boxes of areas; that is no choice of the user."""
        areas = with_found(self.request.areas, found)
        if areas != self.request.areas:
            self.request = dataclasses.replace(self.request, areas=areas)
            self.request_changed.emit()

    def request_to_run(self) -> Request:
        """Return the request as it would be run now."""
        return request_to_run(self.path, self.request, self._marks)

    def begin_work(self) -> None:
        """Put the result before aside: it comes back if nothing comes of the work."""
        self.before = RunOutcome(self.result, self.restored)
        self.result = self.result_map = self.restored = self.refined = self.rival = self.identities = None
        self.progress = (0.0, "start")
        self._enter(State.WORKING)
        for signal in (self.picture_changed, self.result_changed, self.progress_changed):
            signal.emit()

    def show_restored(self, restored: Pyramid) -> None:
        """Show a partial result: finished tiles over the original."""
        self.restored = restored
        self.picture_changed.emit()

    def show_progress(self, fraction: float, text: str) -> None:
        """Report the progress, 0 to 1, and the current step."""
        self.progress = (fraction, text)
        self.progress_changed.emit()

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
        self.picture_changed.emit()
        self.result_changed.emit()
        self.take_kernels(() if result is None else result.areas)

    def bring_back(self, outcome: RunOutcome, saved: bool) -> None:
        """Show an earlier result again, after its choices came back."""
        self.result, self.restored, self.saved = outcome.result, outcome.restored, saved
        self.result_map = self.refined = self.rival = self.identities = None
        self.picture_changed.emit()
        self.result_changed.emit()

    @property
    def outdated(self) -> bool:
        """Whether the choices differ from those of the result."""
        return self.result is not None and not same_run(self.result.request, self.request_to_run())

    def pin(self, pinned: bool) -> None:
        """Let the next photos begin with this photo's choices, or with Automatic again."""
        self.pinned = self.request if pinned else None
        self.request_changed.emit()

    def show_map(self, shown: ResultMap | None) -> None:
        """Show a map over the result, or remove it."""
        self.result_map = shown
        self.picture_changed.emit()

    def show_identities(self, identities: Identities) -> None:
        """Show how similar the faces still are."""
        self.identities = identities
        self.result_changed.emit()

    def show_rival(self, rival: Pyramid | None) -> None:
        """Show another file's picture in place of the result, or the result again."""
        self.rival = rival
        self.picture_changed.emit()
        self.state_changed.emit()

    def show_refined(self, finish: Finish, picture: Pyramid) -> None:
        """Take what `finish` makes of the result."""
        self.refined = finish, picture
        self.picture_changed.emit()

    def mark_saved(self, saved: bool = True) -> None:
        """Note whether the result is saved, or need not be."""
        self.saved = saved
        self.result_changed.emit()

    def _enter(self, state: State) -> None:
        self.state = state
        self.state_changed.emit()
