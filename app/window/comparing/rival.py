"""Compares the photo with another file of the same size, such as the result of another program."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.language import tr
from app.window import dialogs
from app.window.session import Session
from app.window.viewer.pyramid import Pyramid
from app.window.viewer.screen import for_screen
from app.window.viewer.viewer import Viewer
from engine.errors import UserError
from engine.photos.photo import Photo


class RivalFile(QObject):
    """Shows a file in place of the result while `action` is checked. A new photo or a new run ends that."""

    def __init__(self, window: QWidget, session: Session, viewer: Viewer, action: QAction) -> None:
        super().__init__(window)
        self._window, self._session, self._viewer, self._action = window, session, viewer, action
        self._document = session.document
        self._document.picture_changed.connect(self._follow)

    def ask(self) -> None:
        """Ask for a file and compare it, or end the comparison."""
        path, photo = self._document.shown.path, self._document.shown.photo
        wanted = self._action.isChecked()
        self._action.setChecked(False)
        if not wanted:
            self._document.shown.show_rival(None)
        elif path is not None and photo is not None:
            chosen = dialogs.ask_photos(self._window, path.parent, tr("Compare with a file"))
            if chosen:
                self.show(chosen[0])

    def show(self, path: Path) -> None:
        """Read a file and show it in place of the result; refuse a file of another size."""
        photo = self._document.shown.photo
        if photo is not None:
            self._session.in_background(lambda *_: _read(path, photo.size), partial(self._shown, photo, path.name))

    def _shown(self, photo: Photo, name: str, picture: Pyramid) -> None:
        if photo is self._document.shown.photo:
            self._viewer.compare(rival=name)
            self._document.shown.show_rival(picture)

    def _follow(self) -> None:
        shown = self._document.shown.rival is not None
        self._action.setChecked(shown)
        comparison = self._viewer.comparison
        if not shown and comparison is not None and comparison.rival:
            self._viewer.compare(rival="")


def _read(path: Path, size: tuple[int, int]) -> Pyramid:
    from engine.photos.cutouts import on_white
    from engine.photos.reading import read_photo

    photo = read_photo(path)
    if photo.size != size:
        width, height = size
        raise UserError(
            "{name} does not have the photo's size of {width} × {height} px, so the two cannot be compared.",
            name=path.name,
            width=width,
            height=height,
        )
    return Pyramid.build(on_white(photo, photo.pixels), for_screen(photo))
