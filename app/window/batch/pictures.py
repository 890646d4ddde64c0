"""Makes small pictures of a batch's photos for the visible rows."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from app.window.batch.table import BatchTable
from app.window.photos.thumbnails import PictureQueue
from app.window.session import Session

SIDE = 40
"""Longest side in the table, in logical px."""


class RowPictures(PictureQueue):
    """Shows the pictures in the table."""

    def __init__(self, session: Session, table: BatchTable) -> None:
        super().__init__(table, lambda work, *then: session.in_background(lambda *_: work(), *then), self._place)
        self._table = table
        table.picture_wanted.connect(self.ask)
        table.modelReset.connect(self.clear)

    def _place(self, path: Path, picture: QImage) -> None:
        smooth = Qt.TransformationMode.SmoothTransformation
        self._table.show_picture(path, picture.scaled(SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio, smooth))
