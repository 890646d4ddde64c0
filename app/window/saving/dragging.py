"""Drags a result out of the window, as a file for other programs."""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from app.window.opening.own_files import is_own
from app.window.panels.strip import Strip
from app.window.saving.saving import Saving
from app.window.session import Session

_PICTURE = QSize(96, 96)


class DragOut(QObject):
    """Writes the result into a folder of its own, as Save would; the drag begins once the file is whole.

    A photo without a result is dragged itself, as a copy. The folder goes with the window.
    """

    def __init__(self, window: QWidget, session: Session, saving: Saving, strip: Strip, name: QWidget) -> None:
        super().__init__(window)
        self._window, self._session, self._saving = window, session, saving
        self._folder: Path | None = None
        self._made: dict[Path, tuple[object, Path]] = {}
        self._pressed: QPoint | None = None
        self._name = name
        name.installEventFilter(self)
        name.setCursor(Qt.CursorShape.OpenHandCursor)
        strip.drag_asked.connect(self.begin)
        session.closing.connect(self._clean)

    def begin(self, path: Path) -> None:
        """Begin to drag a photo's result."""
        look = self._session.writing.look_of(path)
        if look is None:
            if not is_own(path):
                self._drag(path, path)
            return
        made = self._made.get(path)
        if made is not None and made[0] == look and made[1].is_file():
            self._drag(path, made[1])
            return
        target = self._room() / (self._saving.usual_target(path) or path).name
        self._session.writing.own_file(path, target, partial(self._written, path, look), **self._saving.how)

    def _room(self) -> Path:
        """Return an empty folder, so that the file has its own name."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="acutance-"))
        return Path(tempfile.mkdtemp(dir=self._folder))

    def _written(self, path: Path, look: object, target: Path) -> None:
        self._made[path] = look, target
        if QApplication.mouseButtons() & Qt.MouseButton.LeftButton:  # the user has not let go meanwhile
            self._drag(path, target)

    def _drag(self, path: Path, file: Path) -> None:
        drag = QDrag(self._window)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file))])
        drag.setMimeData(data)
        picture = self._session.roll.thumbnail(path)
        if picture is not None:
            how = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            drag.setPixmap(QPixmap.fromImage(picture).scaled(_PICTURE, *how))
        run(drag)

    def _clean(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
            self._made.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let the photo's name in the bar be dragged."""
        path = self._session.document.shown.path
        if not isinstance(event, QMouseEvent) or path is None:
            return super().eventFilter(watched, event)
        at = event.position().toPoint()
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = at
            return True
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._pressed = None
        elif event.type() == QEvent.Type.MouseMove and self._pressed is not None:
            if (at - self._pressed).manhattanLength() >= QApplication.startDragDistance():
                self._pressed = None
                self.begin(path)
            return True
        return super().eventFilter(watched, event)


def run(drag: QDrag) -> None:
    """Let the user drop it; nothing but a copy is offered."""
    drag.exec(Qt.DropAction.CopyAction)
