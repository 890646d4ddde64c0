"""Opens a photo: reads it on a thread, restores its choices, and looks for its faces."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from app.window.document import State
from app.window.marks import FaceMark
from app.window.parked import Parked
from app.window.screen import for_screen
from app.window.session.shared import Shared
from app.window.sidecar import StoredChoices
from app.window.viewer.pyramid import Pyramid
from engine.faces.face import Face
from engine.photos.photo import Photo

_AT_ONCE_PIXELS = 4_000_000
SMALLEST_FACE = 20
"""Faces are searched down to this many px. The request then selects by size, without a new search."""


class Reading:
    """`opened` is called in the GUI thread with the path of every photo that was read.

    not_opened: called with the path of a photo that cannot be read; it may show another one.
    """

    def __init__(
        self, shared: Shared, opened: Callable[[Path], object], not_opened: Callable[[Path], object]
    ) -> None:
        self._shared = shared
        self._document, self._roll, self._jobs = shared.document, shared.roll, shared.jobs
        self._announce, self._announce_failure = opened, not_opened

    def open(self, path: Path, make: Callable[[], None] | None = None) -> None:
        """Show another photo, then look for its faces. `make` writes the file first, on the same thread."""
        self.leave()
        self._roll.add([path])
        parked = self._roll.take(path)
        if parked is not None and parked.photo is not None:
            self._take_up(parked)
            return
        self._document.begin_opening(path)
        if parked is not None:
            self._document.take_choices(parked.request, parked.marks, parked.searched, parked.mask)
        self._roll.thin()
        self._jobs.run(partial(self.read, path, make), partial(self._opened, path), partial(self._not_opened, path))

    def leave(self) -> None:
        """Store the open photo. Its restoration continues; a search for its faces starts again later."""
        self._shared.choices.keep()
        self._roll.park()
        self._shared.engine.cancel(None)

    def find_faces(self) -> None:
        """Look for the faces in the background."""
        photo = self._document.photo
        if photo is None:
            return
        self._document.look_for_faces(True)
        self._jobs.run(
            lambda: self._shared.engine.wait(lambda engine: engine.find_faces(photo, SMALLEST_FACE)),
            partial(self._found, photo),
            partial(self._not_found, photo),
        )

    def _take_up(self, parked: Parked) -> None:
        self._document.take_up(parked)
        self._shared.choices.note()
        self._roll.thin()
        if not parked.searched:
            self.find_faces()

    def read(self, path: Path, make: Callable[[], None] | None = None) -> tuple[Photo, Pyramid, StoredChoices | None]:
        """Read a photo and what is stored of its choices, on a thread; the window shows a preview if it waits."""
        from engine.photos.cutouts import on_white
        from engine.photos.reading import read_photo

        if make:
            make()
        photo = read_photo(path, self._shared.engine.place.memory)
        choices = self._shared.choices.of(path, photo.size)
        convert, shown = for_screen(photo), on_white(photo, photo.pixels)
        if photo.pixels.shape[0] * photo.pixels.shape[1] > _AT_ONCE_PIXELS:
            preview = Pyramid.preview(shown, convert)
            self._jobs.post(partial(self._show, path, photo, preview, choices))
        return photo, Pyramid.build(shown, convert), choices

    def _is_current(self, path: Path) -> bool:
        return self._document.path == path and self._document.state is not State.EMPTY

    def _awaits(self, path: Path, photo: Photo) -> bool:
        """Whether to show this reading.

        A photo that was left and opened again is read twice; only the first reading counts.
        """
        return self._is_current(path) and self._document.photo in (None, photo)

    def _show(self, path: Path, photo: Photo, picture: Pyramid, choices: StoredChoices | None) -> None:
        if self._awaits(path, photo):
            if choices is not None and self._document.photo is None and not self._document.all_marks:
                self._document.take_choices(choices.request, choices.marks, mask=choices.mask)
            self._document.show_photo(photo, picture)

    def _opened(self, path: Path, answer: tuple[Photo, Pyramid, StoredChoices | None]) -> None:
        photo, picture, choices = answer
        parked = self._roll.parked(path)
        if parked is not None and parked.photo is photo:
            self._roll.update(path, original=picture)  # the user left while only the preview was there
            self._announce(path)
        if not self._awaits(path, photo):
            return
        self._show(path, photo, picture, choices)
        self._shared.choices.note()
        self._announce(path)
        if not (self._document.searched or self._document.finding_faces):
            self.find_faces()

    def _not_opened(self, path: Path, error: BaseException) -> None:
        awaited = self._is_current(path)
        self._roll.remove(path)
        if awaited:
            self._announce_failure(path)
        if self._is_current(path):
            self._document.close_photo()
        self._shared.tell(error)  # last, because the next photo shown would clear the message

    def _found(self, photo: Photo, faces: list[Face]) -> None:
        if photo is self._document.photo:
            self._document.set_marks(tuple(FaceMark(face.box, face) for face in faces))
            self._shared.choices.note_marks()

    def _not_found(self, photo: Photo, error: BaseException) -> None:
        if photo is self._document.photo:
            self._document.look_for_faces(False)
        self._shared.tell(error)
