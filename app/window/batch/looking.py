"""Shows in the window what the batch did: how far it is, and one of its photos beside the result."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from app.window.comparing.rival import RivalFile
from app.window.opening.browsing import Browsing
from app.window.pages import Pages
from app.window.panels.bars import TopBar
from app.window.session import Session


class BatchLook(QObject):
    """Opens a photo of the batch, and compares it with its result once it is read."""

    def __init__(self, session: Session, pages: Pages, browsing: Browsing, rival: RivalFile, top: TopBar) -> None:
        super().__init__(pages)
        self._document, self._pages = session.document, pages
        self._browsing, self._rival, self._top = browsing, rival, top
        self._awaited: tuple[Path, Path] | None = None
        pages.batch.changed.connect(self._show_state)
        pages.look_asked.connect(self._look_at)
        session.opened.connect(self._show_result)

    def _show_state(self) -> None:
        table = self._pages.batch.table
        ended = table.count("done") + table.count("failed")
        self._top.show_batch(ended, len(table.rows), self._pages.batch.running)

    def _look_at(self, photo: Path, result: Path | None) -> None:
        """Show a photo of the batch, with its result if there is one."""
        self._awaited = (photo, result) if result is not None else None
        self._browsing.open(photo)
        window = self._pages.window
        window.raise_()
        window.activateWindow()
        if self._document.shown.photo is not None:
            self._show_result(photo)

    def _show_result(self, opened: Path) -> None:
        if self._awaited is not None and self._awaited[0] == opened == self._document.shown.path:
            self._rival.show(self._awaited[1])
            self._awaited = None
