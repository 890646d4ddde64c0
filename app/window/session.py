"""What the window does with its document: open, find faces, deblur, cancel, save."""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.window.document import Document, FaceMark, Parked, State
from app.window.identities import Wait
from app.window.jobs import Answer, Jobs, Post
from app.window.roll import Roll
from app.window.sample import make_sample, own_folder, sample_path
from app.window.sidecar import Choices, Place, find_choices, keep_choices
from app.window.thumbnails import Thumbnails
from app.window.trust_map import trust_map
from app.window.viewer.pyramid import Pyramid
from engine.errors import Cancelled, UserError
from engine.faces.face import Box, Face
from engine.photos.photo import Photo
from engine.request import Request
from engine.result import Result

if TYPE_CHECKING:
    from engine.engine import Engine, Job
    from engine.restoration.watch import PixelBox

_log = logging.getLogger(__name__)
_AT_ONCE_PIXELS = 4_000_000
SMALLEST_FACE = 20
"""Faces are looked for down to this many px; which of them count is the request's choice, without a new search."""


class Session(QObject):
    """Carries out what the user asks for and keeps the document up to date. Lives in the GUI thread."""

    refused = Signal(str)
    unexpected = Signal(object)
    written = Signal(object)
    opened = Signal(object)

    def __init__(self, document: Document, jobs: Jobs, make_engine: Callable[[], Engine]) -> None:
        super().__init__()
        self.document = document
        self._jobs = jobs
        self._make_engine = make_engine
        self._engine: Engine | None = None
        self._engine_lock = threading.Lock()
        self._running: list[tuple[Job[Any], threading.Event | None]] = []
        self._stops: dict[Path, threading.Event] = {}
        self.roll = Roll(document)
        self.thumbnails = Thumbnails(self.roll, jobs)
        self.sidecars: Place = "no"
        self.methods: Collection[str] = ()
        self._untouched: tuple[Request, tuple[FaceMark, ...]] | None = None
        self._closed = False

    @property
    def engine(self) -> Engine | None:
        """The engine, once something has needed it."""
        return self._engine

    def open(self, path: Path, make: Callable[[], None] | None = None) -> None:
        """Show another photo, then look for its faces; `make` writes it first, on the same thread."""
        self.leave()
        self.roll.add([path])
        parked = self.roll.take(path)
        if parked is not None and parked.photo is not None:
            self._take_up(parked)
            return
        self.document.begin_opening(path)
        if parked is not None:
            self.document.take_choices(parked.request, parked.marks)
        self.roll.thin()
        self._jobs.run(partial(self._read, path, make), partial(self._opened, path), partial(self._not_opened, path))

    def leave(self) -> None:
        """Put the open photo aside: what restores it goes on, a search for its faces is begun anew later."""
        self.keep_choices()
        self.roll.park()
        for job, stop in list(self._running):
            if stop is None:
                job.cancel()

    def _take_up(self, parked: Parked) -> None:
        self.document.take_up(parked)
        self._untouched = (parked.request, parked.marks)
        self.roll.thin()
        if not parked.searched:
            self.find_faces()

    def close_photo(self) -> None:
        """Take the open photo out of the roll; the caller shows another one, or none."""
        path = self.document.path
        if path is not None:
            self.cancel()
            self.keep_choices()
            self.document.close_photo()
            self.roll.remove(path)

    def keep_choices(self) -> None:
        """Write down what was decided about the photo, where anything was."""
        document = self.document
        now = (document.request, document.all_marks)
        if document.photo is None or document.path is None or document.path.is_relative_to(own_folder()):
            return
        if document.finding_faces or self._untouched is None or now == self._untouched:
            return
        self._untouched = now
        keep_choices(document.path, Choices(*now, document.photo.size), self.sidecars)

    def _choices_of(self, path: Path, size: tuple[int, int]) -> Choices | None:
        """Return what was kept of a photo; boxes drawn over a picture of another size say nothing about this one."""
        found = find_choices(path, self.sidecars)
        if found is None or found.size != size:
            return None
        if found.request.method in self.methods:
            return found
        return dataclasses.replace(found, request=dataclasses.replace(found.request, method="auto"))

    def open_sample(self) -> None:
        """Open the sample photo."""
        self.open(sample_path(), make_sample)

    def _read(self, path: Path, make: Callable[[], None] | None) -> tuple[Photo, Pyramid, Choices | None]:
        from engine.photos.colour import to_srgb8
        from engine.photos.reading import read_photo

        if make:
            make()
        photo = read_photo(path)
        choices = self._choices_of(path, photo.size)
        convert = partial(to_srgb8, photo)
        if photo.pixels.shape[0] * photo.pixels.shape[1] > _AT_ONCE_PIXELS:
            preview = Pyramid.preview(photo.pixels, convert)
            self._jobs.post(partial(self._show, path, photo, preview, choices))
        return photo, Pyramid.build(photo.pixels, convert), choices

    def _is_current(self, path: Path) -> bool:
        return self.document.path == path and self.document.state is not State.EMPTY

    def _show(self, path: Path, photo: Photo, picture: Pyramid, choices: Choices | None) -> None:
        if self._is_current(path):
            if choices is not None and self.document.photo is None and not self.document.all_marks:
                self.document.take_choices(choices.request, choices.marks)
            self.document.show_photo(photo, picture)

    def _opened(self, path: Path, answer: tuple[Photo, Pyramid, Choices | None]) -> None:
        if not self._is_current(path):
            return
        document = self.document
        photo, picture, choices = answer
        self._show(path, photo, picture, choices)
        self._untouched = (document.request, document.all_marks)
        self.opened.emit(path)
        if choices is None and not document.all_marks:
            self.find_faces()

    def _not_opened(self, path: Path, error: BaseException) -> None:
        if self._is_current(path):
            self.document.close_photo()
        self.roll.remove(path)
        self._tell(error)

    def find_faces(self) -> None:
        """Look for the faces in the background."""
        photo = self.document.photo
        if photo is None:
            return
        self.document.look_for_faces(True)
        self._jobs.run(
            lambda: self._wait(lambda engine: engine.find_faces(photo, SMALLEST_FACE)),
            partial(self._found, photo),
            partial(self._not_found, photo),
        )

    def _found(self, photo: Photo, faces: list[Face]) -> None:
        if photo is self.document.photo:
            self.document.set_marks(tuple(FaceMark(face.box, face) for face in faces))
            self._untouched = (self.document.request, self.document.all_marks)

    def _not_found(self, photo: Photo, error: BaseException) -> None:
        if photo is self.document.photo:
            self.document.look_for_faces(False)
        self._tell(error)

    def deblur(self) -> None:
        """Run the request on the engine's thread; tiles appear as they are made."""
        document = self.document
        photo = document.photo
        original = document.original
        if photo is None or original is None or document.state is not State.READY:
            return
        request = document.request_to_run()
        self.keep_choices()
        document.begin_work()
        assert document.path is not None
        path, stop = document.path, threading.Event()
        self._stops[path] = stop
        self._jobs.run(
            partial(self._restore, request, photo, original, stop),
            partial(self._restored, path, photo),
            partial(self._not_restored, path, photo),
        )

    def _restore(
        self, request: Request, photo: Photo, original: Pyramid, stop: threading.Event
    ) -> tuple[Result, Pyramid]:
        from engine.photos.colour import to_srgb8

        convert = partial(to_srgb8, photo)
        restored = original.copy()
        self._jobs.post(partial(self._begun, photo, restored))

        def on_tile(box: PixelBox, pixels: np.ndarray) -> None:
            restored.replace(box[0], box[1], pixels, convert)
            self._jobs.post(partial(self._painted, photo))

        def on_progress(fraction: float, text: str) -> None:
            self._jobs.post(partial(self._progressed, photo, fraction, text))

        result: Result = self._wait(
            lambda engine: engine.submit(request, photo, on_progress=on_progress, on_tile=on_tile), stop
        )
        return result, Pyramid.build(result.pixels, convert)

    def _begun(self, photo: Photo, restored: Pyramid) -> None:
        if photo is self.document.photo and self.document.state is State.WORKING:
            self.document.show_restored(restored)
        elif photo.path is not None:
            self.roll.update(photo.path, restored=restored)

    def _painted(self, photo: Photo) -> None:
        if photo is self.document.photo:
            self.document.picture_changed.emit()

    def _progressed(self, photo: Photo, fraction: float, text: str) -> None:
        if photo is self.document.photo and self.document.state is State.WORKING:
            self.document.show_progress(fraction, text)

    def _restored(self, path: Path, photo: Photo, answer: tuple[Result, Pyramid]) -> None:
        result, picture = answer
        if photo is self.document.photo:
            self.document.finish_work(*answer)
        else:
            self.roll.update(path, result=result, restored=picture, saved=False, state=State.READY)

    def _not_restored(self, path: Path, photo: Photo, error: BaseException) -> None:
        if photo is self.document.photo:
            self.document.finish_work(None)
        else:
            self.roll.update(path, result=None, restored=None, state=State.READY)
        self._tell(error)

    def show_trust_map(self, shown: bool) -> None:
        """Measure the residual of every pixel and show it, or take the map away."""
        photo, result = self.document.photo, self.document.result
        if not shown:
            self.document.show_trust_map(None)
        elif photo is not None and result is not None and result.kernel is not None:
            work = partial(trust_map, photo, result.pixels, result.kernel)
            self._jobs.run(work, partial(self._mapped, result), self._tell)

    def _mapped(self, result: Result, made: Pyramid) -> None:
        if result is self.document.result:
            self.document.show_trust_map(made)

    def cancel(self) -> None:
        """Stop what the engine does for the photo that is shown."""
        stop = self._stops.get(self.document.path) if self.document.path else None
        if stop is not None:
            stop.set()
        for job, wanted in list(self._running):
            if wanted is None or wanted is stop:
                job.cancel()

    def stop(self, wanted: threading.Event) -> None:
        """Stop what was submitted to the engine with this event."""
        wanted.set()
        for job, stop in list(self._running):
            if stop is wanted:
                job.cancel()

    def save(self, target: Path, overwrite: bool = False, quality: int | None = None) -> None:
        """Write the result, as strong as the slider says, to `target`."""
        photo, result = self.document.photo, self.document.result
        if photo is None or result is None:
            return
        choices, faces = self.document.request, self.document.own_strengths
        work = partial(_write, photo, result, choices, faces, target, overwrite, quality)
        self._jobs.run(work, partial(self._saved, photo, target), self._tell)

    def aside(
        self,
        work: Callable[[Wait, Post], Answer],
        done: Callable[[Answer], object],
        failed: Callable[[BaseException], object] | None = None,
    ) -> None:
        """Do other work on a thread, with a way to the engine and one back; `done` and `failed` as in `Jobs.run`."""
        self._jobs.run(lambda: work(self._wait, self._jobs.post), done, failed or self._tell)

    def write(self, target: Path, work: Callable[[], object]) -> None:
        """Have `work` write something else to `target`."""
        self._jobs.run(work, lambda _: self.written.emit(target), self._tell)

    def _saved(self, photo: Photo, target: Path, _: object) -> None:
        if photo is self.document.photo:
            self.document.mark_saved()
        elif photo.path is not None:
            self.roll.update(photo.path, saved=True)
        self.written.emit(target)

    def close(self) -> None:
        """Cancel everything and wait for every thread."""
        self.keep_choices()
        self._closed = True
        for stop in self._stops.values():
            stop.set()
        for job, _ in list(self._running):
            job.cancel()
        if self._engine is not None:
            self._engine.close()
        self._jobs.close()
        if self._engine is not None:
            self._engine.close()

    def _wait(self, submit: Callable[[Engine], Job[Any]], stop: threading.Event | None = None) -> Any:
        """Submit to the engine and wait, on a thread of the pool; the engine is made when first needed."""
        with self._engine_lock:
            if self._closed:
                raise Cancelled
            if self._engine is None:
                self._engine = self._make_engine()
        job = submit(self._engine)
        entry = (job, stop)
        self._running.append(entry)
        if self._closed or (stop is not None and stop.is_set()):
            job.cancel()
        try:
            return job.result()
        finally:
            self._running.remove(entry)

    def _tell(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            return
        if isinstance(error, UserError):
            self.refused.emit(str(error))
        else:
            _log.error("unexpected", exc_info=error)
            self.unexpected.emit(error)


def _write(
    photo: Photo,
    result: Result,
    choices: Request,
    faces: tuple[tuple[Box, float], ...],
    target: Path,
    overwrite: bool,
    quality: int | None,
) -> None:
    from engine.photos.writing import write_photo
    from engine.restoration.finishing import finished

    write_photo(finished(photo, result, choices, faces), target, overwrite=overwrite, quality=quality)
