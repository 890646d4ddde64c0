"""A strip of all faces with their sharpness; a click shows one at 100 %."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QButtonGroup, QFrame, QScrollArea, QToolButton, QWidget

from app.language import percent, tr
from app.marks import FaceMark
from app.window.photos.document import Document
from app.window.photos.photo_state import State
from app.window.viewer.overlays import figures_of
from app.window.viewer.pyramid import Pyramid
from app.window.viewer.viewer import Viewer
from app.window.widgets.basics import row

_SIDE = 64
_CELL = QSize(132, 94)
_MOST = 200


class FaceStrip(QScrollArea):
    """Hidden where there is no face. As long as it is wanted, steps from face to face are at 100 %, too."""

    def __init__(self, document: Document, viewer: Viewer) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAccessibleName(tr("Faces of the photo"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFixedHeight(_CELL.height() + 18)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._document, self._viewer = document, viewer
        self._wanted = False
        self._shown: tuple[object, ...] = ()
        self.cells: list[QToolButton] = []
        self._group = QButtonGroup(self)
        content = QWidget()
        self._line = row(content, gap=1)
        self._line.setContentsMargins(8, 4, 8, 4)
        self._line.addStretch()
        self.setWidget(content)
        for signal in (document.marks_changed, document.picture_changed, document.state_changed):
            signal.connect(self._refresh)
        viewer.mark_hovered.connect(self._mark)
        self._refresh()

    def want(self, wanted: bool) -> None:
        """Show the strip, or hide it."""
        self._wanted = wanted
        self._viewer.faces_at_full_size = wanted
        self._refresh()

    def _refresh(self) -> None:
        shown = self._document.shown
        marks = shown.marks[:_MOST]
        self.setVisible(self._wanted and bool(marks))
        picture = shown.picture if shown.state is State.READY else None
        picture = picture or shown.original
        seen = (marks, picture)
        if not self._wanted or picture is None or seen == self._shown:
            return
        self._shown = seen
        for cell in self.cells:
            self._group.removeButton(cell)
            cell.hide()
            cell.deleteLater()
        self.cells = [self._cell(index, mark, picture) for index, mark in enumerate(marks)]
        self._mark(-1 if self._viewer.hovered_mark is None else self._viewer.hovered_mark)

    def _cell(self, index: int, mark: FaceMark, picture: Pyramid) -> QToolButton:
        cell = QToolButton()
        cell.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        cell.setIcon(QIcon(QPixmap.fromImage(picture.crop(mark.box, round(_SIDE * self.devicePixelRatioF())))))
        cell.setIconSize(QSize(_SIDE, _SIDE))
        cell.setFixedSize(_CELL)
        cell.setCheckable(True)
        cell.setText(f"{index + 1}  {figures_of(mark).partition(',')[0]}")
        cell.setAccessibleName(f"{tr('Face {number}').format(number=index + 1)}, {figures_of(mark)}")
        figure = "" if mark.face is None else tr("Sharpness {share}").format(share=percent(mark.face.sharpness))
        cell.setToolTip("\n".join(filter(None, (figures_of(mark), figure, tr("Show this face at 100%")))))
        cell.clicked.connect(partial(self._show, index))
        self._group.addButton(cell)
        self._line.insertWidget(index, cell)
        return cell

    def _show(self, index: int) -> None:
        self._viewer.show_face(index)
        self._mark(index)

    def _mark(self, index: int) -> None:
        """Mark the face in focus, and bring it into view."""
        self._group.setExclusive(False)
        for at, cell in enumerate(self.cells):
            cell.setChecked(at == index)
        self._group.setExclusive(True)
        if 0 <= index < len(self.cells):
            self.ensureWidgetVisible(self.cells[index])
