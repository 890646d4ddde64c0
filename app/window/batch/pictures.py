"""Makes small pictures of a batch's photos, one after another, for the visible rows."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage

from app.window.batch.table import BatchTable
from app.window.photos.thumbnails import thumbnail
from app.window.session import Session

_log = logging.getLogger(__name__)
SIDE = 40
"""Longest side in the table, in logical px."""


class RowPictures(QObject):
    """Makes the picture that was requested last first, since its row is visible."""

    def __init__(self, session: Session, table: BatchTable) -> None:
        super().__init__(table)
        self._session, self._table = session, table
        self._asked: list[Path] = []
        self._busy = False
        table.picture_wanted.connect(self._ask)
        table.modelReset.connect(self._asked.clear)

    def _ask(self, path: Path) -> None:
        self._asked.append(path)
        self._go_on()

    def _go_on(self) -> None:
        if self._busy or not self._asked:
            return
        self._busy = True
        path = self._asked.pop()
        self._session.in_background(
            lambda *_: thumbnail(path), partial(self._made, path), partial(self._failed, path)
        )

    def _made(self, path: Path, picture: QImage) -> None:
        self._busy = False
        smooth = Qt.TransformationMode.SmoothTransformation
        self._table.show_picture(path, picture.scaled(SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio, smooth))
        self._go_on()

    def _failed(self, path: Path, error: BaseException) -> None:
        self._busy = False
        _log.info("no small picture of %s: %s", path, error)
        self._go_on()
