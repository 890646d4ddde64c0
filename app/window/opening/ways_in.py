"""Ways to bring photos in and out: files, folders, the clipboard, recent photos."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PySide6.QtCore import QBuffer, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter
from PySide6.QtWidgets import QMenu

from app.language import number, tr
from app.window.opening.own_files import PASTED, is_own, keep
from app.window.session import Session
from app.window.settings.preferences import Preferences
from app.window.widgets.basics import plain_tip
from app.window.widgets.dropping import local_files
from engine.choices import Choices
from engine.errors import UserError
from engine.faces.face import Box
from engine.masks.mask import Mask
from engine.photos.photo import Photo
from engine.result import Result

_MOST = 5000
"""Most photos of a dropped folder that are opened; the batch is for more."""


class Opening(QObject):
    """Finds the photos in what the user opens; `show` opens the first readable one. copied: to the clipboard."""

    copied = Signal()

    def __init__(self, session: Session, preferences: Preferences, show: Callable[[Sequence[Path]], object]) -> None:
        super().__init__(session)
        self._session = session
        self._preferences = preferences
        self._show = show
        self.recent = QMenu(tr("Open recent"))
        self.recent.setToolTipsVisible(True)
        preferences.recent_changed.connect(self._fill_recent)
        session.opened.connect(self._note)
        self._fill_recent()

    def open_all(self, paths: Sequence[Path]) -> None:
        """Open files and the photos in folders. All go into the strip; the first is shown."""
        if any(path.is_dir() for path in paths):
            self._session.in_background(lambda *_: _expanded(paths), self._open_found)
        else:
            self._open_found(list(paths))

    def _open_found(self, photos: list[Path]) -> None:
        if not photos:
            self._session.refused.emit(tr("There is no photo in that folder."))
            return
        if len(photos) > _MOST:
            text = tr("{count} photos are too many at once; the first {most} are open.")
            self._session.refused.emit(text.format(count=number(len(photos)), most=number(_MOST)))
        self._session.roll.add(photos[:_MOST])
        self._show(photos[:_MOST])

    def paste(self) -> None:
        """Open files or a picture from the clipboard. A picture is first stored as a file."""
        data = QGuiApplication.clipboard().mimeData()
        paths = local_files(data)
        image = QGuiApplication.clipboard().image()
        if paths:
            self.open_all(paths)
        elif not image.isNull():
            name = f"{tr('pasted')} {time.strftime('%Y-%m-%d %H.%M.%S')}.png"
            self._session.in_background(lambda *_: [keep(PASTED, name, partial(_write, image))], self._show)
        else:
            self._session.refused.emit(tr("There is no picture on the clipboard."))

    def copy(self) -> None:
        """Put the result on the clipboard, blended as the sliders say; without a result, put the photo there."""
        shown = self._session.document.shown
        if shown.photo is not None:
            how = shown.request, shown.own_strengths, shown.mask
            work = partial(_image, shown.photo, shown.result, *how)
            self._session.in_background(lambda *_: work(), self._copied)

    def _copied(self, image: QImage) -> None:
        QGuiApplication.clipboard().setImage(image)
        self.copied.emit()

    def _note(self, path: Path) -> None:
        if not is_own(path):
            self._preferences.opened(path)

    def _fill_recent(self) -> None:
        self.recent.clear()
        for path in self._preferences.recent:
            action = self.recent.addAction(path.name.replace("&", "&&"))
            action.setToolTip(plain_tip(str(path)))
            action.triggered.connect(lambda _=False, path=path: self.open_all([path]))
        self.recent.setEnabled(bool(self._preferences.recent))
        if self._preferences.recent:
            self.recent.addSeparator()
            self.recent.addAction(tr("Clear this list")).triggered.connect(
                lambda _: self._preferences.forget_recent()
            )


def _expanded(paths: Sequence[Path]) -> list[Path]:
    from app.batch.photos import photos_in

    found: list[Path] = []
    for path in paths:
        found += photos_in(path, recursive=True) if path.is_dir() else [path]
    return found


def _write(image: QImage, file: BinaryIO) -> None:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, b"png").write(image):
        raise UserError("The picture on the clipboard cannot be stored as PNG.")
    file.write(buffer.data().data())


def _image(
    photo: Photo,
    result: Result | None,
    choices: Choices,
    faces: tuple[tuple[Box, float], ...],
    mask: Mask | None,
) -> QImage:
    from engine.photos.colour import to_srgb8
    from engine.photos.cutouts import hidden_in
    from engine.photos.samples import to_integers
    from engine.restoration.finishing import finished

    shown = photo if result is None else finished(photo, result, choices, faces, mask)
    rgb = to_srgb8(shown)
    height, width = rgb.shape[:2]
    if shown.alpha is not None:
        rgb[hidden_in(shown)] = 255  # for programs that do not know transparency
        rgba = np.dstack([rgb, to_integers(shown.alpha, 8)])
        return QImage(rgba.tobytes(), width, height, width * 4, QImage.Format.Format_RGBA8888).copy()
    return QImage(rgb.tobytes(), width, height, width * 3, QImage.Format.Format_RGB888).copy()
