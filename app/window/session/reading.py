"""Opens a photo: reads it on a thread, restores its choices, and looks for its faces."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from app.marks import FaceMark
from app.sidecar import StoredChoices
from app.window.photos.open_photo import OpenPhoto
from app.window.photos.photo_state import State
from app.window.session.shared import Shared
from app.window.viewer.pyramid import Pyramid
from app.window.viewer.screen import for_screen
from engine.faces.face import Face
from engine.photos.photo import Photo

Read = tuple[Photo, Pyramid, StoredChoices | None]
"""A photo, its picture for the screen, and what is stored of its choices."""

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
        self._shared.choices.keep()
        self._shared.engine.cancel(None)
        self._roll.add([path])
        opened = self._roll.wanted(path)
        if opened.photo is None:
            opened.begin_opening()
        self._document.show(opened)
        self._roll.thin()
        if opened.photo is None:
            failed = partial(self._not_opened, opened, path)
            self._jobs.run(partial(self.read, opened, make), partial(self.arrived, opened), failed)
        elif not opened.searched:
            self.find_faces()

    def find_faces(self) -> None:
        """Look for the faces in the photo that is shown, in the background."""
        opened, photo = self._document.shown, self._document.shown.photo
        if photo is None:
            return
        opened.look_for_faces(True)
        self._jobs.run(
            lambda: self._shared.engine.wait(lambda engine: engine.find_faces(photo, SMALLEST_FACE)),
            partial(self._found, opened),
            partial(self._not_found, opened),
        )

    def read(self, opened: OpenPhoto, make: Callable[[], None] | None = None) -> Read:
        """Read a photo and what is stored of its choices, on a thread; the window shows a preview if it waits."""
        from engine.photos.cutouts import on_white
        from engine.photos.reading import read_photo

        assert opened.path is not None
        if make:
            make()
        photo = read_photo(opened.path, self._shared.engine.place.memory)
        choices = self._shared.choices.of(opened.path, photo.size)
        convert, shown = for_screen(photo), on_white(photo, photo.pixels)
        if photo.pixels.shape[0] * photo.pixels.shape[1] > _AT_ONCE_PIXELS:
            preview = Pyramid.preview(shown, convert)
            self._jobs.post(partial(self.take, opened, (photo, preview, choices)))
        return photo, Pyramid.build(shown, convert), choices

    def take(self, opened: OpenPhoto, read: Read) -> bool:
        """Give an open photo what was read, if it awaits that.

        A photo that was left and opened again is read twice; only the first reading counts.
        """
        photo, picture, choices = read
        if opened.state is not State.OPENING and opened.photo is not photo:
            return False
        if choices is not None:
            opened.take_choices(choices.request, choices.marks, choices.mask)
        opened.show_photo(photo, picture)
        if opened.untouched is None:
            self._shared.choices.note(opened)
        return True

    def arrived(self, opened: OpenPhoto, read: Read) -> None:
        """Take a whole photo, and look for its faces if it is shown."""
        if not self.take(opened, read):
            return
        assert opened.path is not None
        self._announce(opened.path)
        if opened is self._document.shown and not (opened.searched or opened.finding_faces):
            self.find_faces()

    def _not_opened(self, opened: OpenPhoto, path: Path, error: BaseException) -> None:
        awaited = opened is self._document.shown
        self._roll.remove(path)
        if awaited:
            self._announce_failure(path)
        if opened is self._document.shown:
            self._document.show(None)
        self._shared.tell(error)  # last, because the next photo shown would clear the message

    def _found(self, opened: OpenPhoto, faces: list[Face]) -> None:
        if opened is self._document.shown:
            opened.set_marks(tuple(FaceMark(face.box, face) for face in faces))
            self._shared.choices.note_marks(opened)

    def _not_found(self, opened: OpenPhoto, error: BaseException) -> None:
        if opened is self._document.shown:
            opened.look_for_faces(False)
        self._shared.tell(error)
