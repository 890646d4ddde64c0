"""Drag and drop: a page takes a dropped folder, and no drop ever moves a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit, QWidget

_OVER = (QEvent.Type.DragEnter, QEvent.Type.DragMove)


def local_files(data: QMimeData | None) -> list[Path]:
    """Return the dropped or pasted files."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data else []


def accept_copy(event: QDropEvent) -> bool:
    """Accept a drag or a drop as a copy (or a link), whatever keys are held; return whether that is possible.

    With Shift, a file manager proposes a move. If that is accepted, it deletes the original. A drag that allows
    nothing but a move is refused.
    """
    for action in (Qt.DropAction.CopyAction, Qt.DropAction.LinkAction):
        if action & event.possibleActions():
            event.setDropAction(action)
            event.accept()
            return True
    event.setDropAction(Qt.DropAction.IgnoreAction)
    event.ignore()
    return False


def take_no_drops(widget: QWidget) -> None:
    """Let the text fields of a widget refuse drops: they would accept a file as a move."""
    for field in widget.findChildren(QLineEdit):
        field.setAcceptDrops(False)


class FolderDrop(QObject):
    """Calls `take` with a dropped folder, or with the folder of a dropped file. Text fields ignore drops."""

    def __init__(self, page: QWidget, take: Callable[[Path], object]) -> None:
        super().__init__(page)
        self._take = take
        page.setAcceptDrops(True)
        page.installEventFilter(self)
        take_no_drops(page)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Handle a drop on the page."""
        if isinstance(event, QDropEvent) and event.type() in (*_OVER, QEvent.Type.Drop):
            paths = local_files(event.mimeData())
            if paths:
                if accept_copy(event) and not isinstance(event, QDragMoveEvent):
                    self._take(paths[0] if paths[0].is_dir() else paths[0].parent)
                return True
        return super().eventFilter(watched, event)
