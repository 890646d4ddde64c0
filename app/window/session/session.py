"""Carries out the user's commands; the other files of this package do the long work."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.language import translated
from app.window.jobs import Answer, Jobs, Post, Wait
from app.window.opening.sample import make_sample, sample_path
from app.window.photos.document import Document
from app.window.photos.roll import Roll
from app.window.photos.thumbnails import Thumbnails
from app.window.session.choices import ChoiceKeeper
from app.window.session.engine_access import EngineAccess
from app.window.session.hidden import Hidden
from app.window.session.reading import Reading
from app.window.session.restoring import Restoring
from app.window.session.shared import Shared
from app.window.session.writing import Writing
from app.window.viewer.result_maps import ResultMap, source_map, trust_map
from engine.errors import Cancelled, UserError
from engine.place import Place
from engine.result import Result

if TYPE_CHECKING:
    from engine.protocol import AnyEngine

_log = logging.getLogger(__name__)


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
        self.writing = Writing(shared, self.written.emit, self.left_out.emit)

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

    def tell(self, error: BaseException, refused: Callable[[str], object] | None = None) -> None:
        """Show an error to the user if it concerns them; `refused` takes the sentence, by default the window."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, UserError):
            _log.info("refused: %s", error)
            (refused or self.refused.emit)(translated(error))
        else:
            _log.error("unexpected", exc_info=error)
            self.unexpected.emit(error)
