"""Carries out the user's commands; the other files of this package do the long work."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.language import translated
from app.window.faces.identities import Wait
from app.window.jobs import Answer, Jobs, Post
from app.window.opening.sample import make_sample, sample_path
from app.window.photos.document import Document
from app.window.photos.finish import Finish, finish_of
from app.window.photos.open_photo import OpenPhoto
from app.window.photos.roll import Roll
from app.window.photos.thumbnails import Thumbnails
from app.window.session.choices import ChoiceKeeper
from app.window.session.engine_access import EngineAccess
from app.window.session.hidden import Hidden
from app.window.session.reading import Reading
from app.window.session.restoring import Restoring
from app.window.session.shared import Shared
from app.window.versions.version import Version
from app.window.viewer.result_maps import ResultMap, source_map, trust_map
from engine.choices import Choices
from engine.errors import Cancelled, UserError
from engine.faces.face import Box
from engine.masks.mask import Mask
from engine.photos.photo import Photo
from engine.place import Place
from engine.result import Result

if TYPE_CHECKING:
    from engine.protocol import AnyEngine

_log = logging.getLogger(__name__)

_Look = tuple[Result, float, Finish, tuple[tuple[Box, float], ...], Mask | None]


class Session(QObject):
    """Keeps document and roll up to date. It belongs to the GUI thread.

    refused: a sentence for the user. unexpected: an unexpected error. written: the path of a complete file. left_out:
    sentences about metadata that the file's format cannot hold. opened: the path of a photo that was read.
    not_opened: the path of a photo that cannot be read; it is no longer in the roll. closing: no more work comes.
    run_ended: the path of a photo whose run ended, and whether it was restored.
    """

    refused = Signal(str)
    unexpected = Signal(object)
    written = Signal(object)
    left_out = Signal(object, object)
    opened = Signal(object)
    not_opened = Signal(object)
    closing = Signal()
    run_ended = Signal(object, bool)

    def __init__(self, document: Document, jobs: Jobs, make_engine: Callable[[], AnyEngine]) -> None:
        super().__init__()
        self.document = document
        self.roll = Roll(document)
        self.thumbnails = Thumbnails(self.roll, jobs)
        self.choices = ChoiceKeeper(document, jobs)
        self._jobs = jobs
        self._access = EngineAccess(make_engine)
        shared = Shared(document, self.roll, jobs, self._access, self.choices, self.tell)
        self._reading = Reading(shared, self.opened.emit, self.not_opened.emit)
        self._restoring = Restoring(shared, self.run_ended.emit)
        self._hidden = Hidden(shared, self._reading, self._restoring)

    @property
    def engine(self) -> AnyEngine | None:
        """The engine, None until it is first needed."""
        return self._access.engine

    @property
    def place(self) -> Place:
        """Where runs compute."""
        return self._access.place

    @place.setter
    def place(self, place: Place) -> None:
        self._access.place = place

    @property
    def place_now(self) -> Place:
        """Where a run computes that begins now, see `EngineAccess.place_now`."""
        return self._access.place_now

    @property
    def busy(self) -> bool:
        """Whether the engine has something to do."""
        return self._access.busy

    def open(self, path: Path) -> None:
        """Show another photo, then look for its faces."""
        self._reading.open(path)

    def open_sample(self) -> None:
        """Open the sample photo."""
        self._reading.open(sample_path(), make_sample)

    def close_photo(self) -> None:
        """Remove the open photo from the roll; the caller shows another one, or none."""
        path = self.document.shown.path
        if path is not None:
            self.cancel()
            self.choices.keep()
            self.document.show(None)
            self.roll.remove(path)

    def find_faces(self) -> None:
        """Look for the faces in the background."""
        self._reading.find_faces()

    def deblur(self) -> None:
        """Run the request on the engine's thread; tiles appear as they are finished."""
        self._restoring.deblur(self.document.shown)

    def deblur_one(self, path: Path) -> None:
        """Run the request of any of the open photos; read it first if only its choices are there."""
        self._hidden.deblur(path)

    def cancel(self, path: Path | None = None) -> None:
        """Stop the run of a photo, by default of the current one."""
        self._restoring.cancel(path or self.document.shown.path)
        self._hidden.cancel(path)

    def stop(self, wanted: threading.Event) -> None:
        """Stop the jobs that were submitted to the engine with this event."""
        wanted.set()
        self._access.cancel(wanted)

    def show_trust_map(self, shown: bool) -> None:
        """Measure the error of every pixel and show it, or remove the map."""
        photo, result = self.document.shown.photo, self.document.shown.result
        if not shown:
            self.document.shown.show_map(None)
        elif photo is not None and result is not None and result.relation is not None:
            work = partial(trust_map, photo, result)
            self._jobs.run(work, partial(self._mapped, result), self.tell)

    def show_source_map(self, shown: bool) -> None:
        """Show which restoration each place was taken from, or remove the map."""
        result = self.document.shown.result
        if not shown:
            self.document.shown.show_map(None)
        elif result is not None and result.taken is not None:
            self._jobs.run(partial(source_map, result), partial(self._mapped, result), self.tell)

    def _mapped(self, result: Result, made: ResultMap) -> None:
        if result is self.document.shown.result:
            self.document.shown.show_map(made)

    def save(
        self,
        target: Path,
        path: Path | None = None,
        prepare: Callable[[Photo], Photo] | None = None,
        **how: Any,
    ) -> None:
        """Write a photo's result, blended as its sliders say; `how` as in `write_photo`.

        path: an open photo, by default the current one. prepare: makes another picture of it for this file; then the
        result itself stays unsaved.
        """
        opened = self.document.shown if path is None else self.roll.photo(path)
        if opened is None or opened.photo is None or opened.to_save is None:
            return
        work = partial(_write, opened.photo, opened.to_save, *_seen(opened), target, how, prepare)
        done = partial(self._saved, opened, None if prepare else _look(opened), target)
        self._jobs.run(work, done, self.tell)

    def save_version(
        self,
        version: Version,
        target: Path,
        done: Callable[[Version], object],
        path: Path | None = None,
        **how: Any,
    ) -> None:
        """Write a version of a photo, as strong as it is seen; call `done` once it is safe."""
        opened = self.document.shown if path is None else self.roll.photo(path)
        photo, result = opened.photo if opened is not None else None, version.outcome.result
        if photo is None or result is None:
            return
        work = partial(_write, photo, result, version.request, version.faces, version.mask, target, how)
        self._jobs.run(work, partial(self._saved_version, version, version.seen, target, done), self.tell)

    def _saved_version(
        self,
        version: Version,
        seen: object,
        target: Path,
        done: Callable[[Version], object],
        left_out: tuple[str, ...],
    ) -> None:
        if version.seen == seen:  # while it was written the sliders may have moved
            done(version)
        self.written.emit(target)
        if left_out:
            self.left_out.emit(target, left_out)

    def look_of(self, path: Path) -> object:
        """Return all that decides how a photo's result is seen, None without a result."""
        opened = self.roll.photo(path)
        return None if opened is None or opened.to_save is None else _look(opened)

    def make_file(self, path: Path, target: Path, done: Callable[[Path], object], **how: Any) -> None:
        """Write a photo's result to a file that is not the user's own; call `done` once it is whole."""
        opened = self.roll.photo(path)
        if opened is not None and opened.photo is not None and opened.to_save is not None:
            work = partial(_write, opened.photo, opened.to_save, *_seen(opened), target, how)
            self._jobs.run(work, lambda _: done(target), self.tell)

    def mark_saved(self, path: Path, result: Result, saved: bool) -> None:
        """Note whether this result of a photo is saved, or need not be; ignore an older result."""
        opened = self.roll.photo(path)
        if opened is not None and opened.to_save is result:
            opened.mark_saved(saved)

    def _saved(self, opened: OpenPhoto, look: _Look | None, target: Path, left_out: tuple[str, ...]) -> None:
        # The sliders may have moved during writing, or another result may have arrived.
        if look is not None and opened.to_save is not None and _look(opened) == look:
            opened.mark_saved()
        _log.info("saved %s as %s", opened.path, target)
        self.written.emit(target)
        if left_out:
            self.left_out.emit(target, left_out)

    def write(self, target: Path, work: Callable[[], object]) -> None:
        """Let `work` write another file to `target`."""
        self._jobs.run(work, lambda _: self.written.emit(target), self.tell)

    def in_background(
        self,
        work: Callable[[Wait, Post], Answer],
        done: Callable[[Answer], object],
        failed: Callable[[BaseException], object] | None = None,
    ) -> None:
        """Do other work on a thread that may use the engine; `done` and `failed` as in `Jobs.run`."""
        self._jobs.run(lambda: work(self._access.wait, self._jobs.post), done, failed or self.tell)

    def close(self) -> None:
        """Cancel everything and wait for every thread."""
        self.closing.emit()
        self.choices.keep()
        self._restoring.stop_all()
        self._access.refuse()
        self._jobs.close()
        self._access.close()

    def tell(self, error: BaseException) -> None:
        """Show an error to the user if it concerns them."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, UserError):
            _log.info("refused: %s", error)
            self.refused.emit(translated(error))
        else:
            _log.error("unexpected", exc_info=error)
            self.unexpected.emit(error)


def _seen(opened: OpenPhoto) -> tuple[Choices, tuple[tuple[Box, float], ...], Mask | None]:
    """Return the choices by which a result is written."""
    return opened.request, opened.own_strengths, opened.mask


def _look(opened: OpenPhoto) -> _Look:
    """Return all values that the saved result depends on."""
    request, result = opened.request, opened.to_save
    assert result is not None
    return result, request.strength, finish_of(request), opened.own_strengths, opened.mask


def _write(
    photo: Photo,
    result: Result,
    choices: Choices,
    faces: tuple[tuple[Box, float], ...],
    mask: Mask | None,
    target: Path,
    how: dict[str, Any],
    prepare: Callable[[Photo], Photo] | None = None,
) -> tuple[str, ...]:
    """Write the result, or what `prepare` makes of it; return what its format cannot hold."""
    from engine.photos.losses import not_kept
    from engine.photos.writing import write_photo
    from engine.restoration.finishing import finished

    made = finished(photo, result, choices, faces, mask)
    write_photo(made if prepare is None else prepare(made), target, **how)
    return not_kept(photo, target)
