"""What an open photo shows: its pixels, the result of a run, and what is made from that."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from app.window.faces.identities import Identities
from app.window.photos.finish import AS_RESTORED, Finish, finish_of
from app.window.photos.marked_photo import MarkedPhoto
from app.window.photos.photo_state import Aspect, State
from app.window.versions.version import RunOutcome, Version
from app.window.viewer.pyramid import Pyramid
from app.window.viewer.result_maps import ResultMap
from engine.areas.area import Areas, with_found
from engine.kernels.trust import Verdict
from engine.photos.photo import Photo
from engine.result import Result


class RestoredPhoto(MarkedPhoto):
    """before: the outcome that comes back if a run fails. original, restored: the pictures for the screen."""

    def __init__(self, path: Path | None, watch: Callable[[MarkedPhoto, Aspect], object]) -> None:
        super().__init__(path, watch)
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
        self.progress: tuple[float, str] = (0.0, "")
        self.state = State.EMPTY

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
    def has_result(self) -> bool:
        """Whether there is a result, and no other one is being made."""
        return self.state is State.READY and self.result is not None

    @property
    def comparable(self) -> bool:
        """Whether there is a picture to compare the original with, or soon will be."""
        return self.picture is not None or self.state is State.WORKING

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

    def take_kernels(self, found: Areas) -> None:
        """Take kernels that were found in the boxes of areas; that is no choice of the user."""
        areas = with_found(self.request.areas, found)
        if areas != self.request.areas:
            self.request = dataclasses.replace(self.request, areas=areas)
            self.tell(Aspect.REQUEST)

    def _drop_extras(self) -> None:
        """Forget what was made beside the result."""
        self.result_map = self.refined = self.rival = self.identities = None
