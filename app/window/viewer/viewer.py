"""The photo on the screen with its faces, and what pointer and wheel do to it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFont,
    QImage,
    QMouseEvent,
    QPainter,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.language import tr
from app.window.marks import FaceMark
from app.window.viewer import overlays
from app.window.viewer.captions import paint_captions
from app.window.viewer.comparison import Comparison, Mode, paint_divider
from app.window.viewer.hand import Hand
from app.window.viewer.picture_view import PictureView
from engine.faces.face import Box


class Viewer(PictureView):
    """Paints the faces over the picture and hears pointer and wheel; what is done to the faces is only announced."""

    hovered = Signal(object)
    face_clicked = Signal(int)
    face_drawn = Signal(tuple)
    face_changed = Signal(int, tuple)
    face_menu_asked = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Photo"))
        self.setAccessibleDescription(tr("Drag to pan, turn the wheel to zoom, click a face to choose it."))
        self.setMinimumSize(320, 240)
        self.marks: Sequence[FaceMark] = ()
        self._marks_visible = True
        self.hovered_mark: int | None = None
        self._draft: Box | None = None
        self._kernels: dict[Box, QImage] = {}
        self._field: Sequence[overlays.LocalKernel] = ()
        self._hand = Hand(self)

    # what is shown

    def set_marks(self, marks: Sequence[FaceMark]) -> None:
        """Draw other faces."""
        self.marks = marks
        if self.hovered_mark is not None and self.hovered_mark >= len(marks):
            self.hovered_mark = None
        self.update()

    def set_kernels(self, kernels: dict[Box, QImage]) -> None:
        """Show these kernels at the corners of the faces with these boxes."""
        self._kernels = kernels
        self.update()

    def set_field(self, field: Sequence[overlays.LocalKernel]) -> None:
        """Show these kernels at their places over the photo."""
        self._field = field
        self.update()

    def set_drawing(self, drawing: bool) -> None:
        """Have the next drag draw a face's box."""
        self._hand.drawing = drawing
        self.setCursor(Qt.CursorShape.CrossCursor if drawing else Qt.CursorShape.ArrowCursor)

    def set_marks_visible(self, visible: bool) -> None:
        """Show or hide the faces' boxes."""
        self._marks_visible = visible
        self.update()

    # painting

    def paint_over(self, painter: QPainter, shown: Comparison) -> None:
        """Paint faces, kernels, the divider and the captions."""
        small = QFont(self.font())
        small.setPixelSize(max(11, small.pixelSize() - 1))
        mode = shown.shown
        if not self._blinking and mode is not Mode.DIFFERENCE:
            middles = [self.width() / 2]
            if mode is Mode.SIDE_BY_SIDE:
                middles = [self.width() / 4, self.width() * 3 / 4]
            for middle in middles:
                self._paint_marks(painter, QPointF(middle, 0), small, len(middles))
        if mode is Mode.WIPE:
            paint_divider(painter, QRectF(self.rect()), shown)
        if shown.restored is not None:
            paint_captions(painter, shown, QSizeF(self.size()), small)

    def _paint_marks(self, painter: QPainter, middle: QPointF, font: QFont, parts: int) -> None:
        to_widget = self.widget_map(middle)
        painter.save()
        if parts > 1:
            width = self.width() / parts
            painter.setClipRect(QRectF(middle.x() - width / 2, 0, width, self.height()))
        overlays.paint_field(painter, self._field, to_widget)
        if self._marks_visible:
            overlays.paint_marks(painter, self.marks, self.mark_map(middle), font, self.hovered_mark, self._kernels)
        if self._draft:
            overlays.paint_draft(painter, overlays.place(self._draft, to_widget))
        painter.restore()

    # events

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom at the pointer."""
        if self._viewport:
            turned = event.angleDelta().y() or event.angleDelta().x()
            self.zoom_to(self._viewport.scale * 1.0016**turned, event.position())
            event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of what lies under the pointer."""
        if self._viewport and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            only_pan = event.button() == Qt.MouseButton.MiddleButton
            self._hand.press(event.position(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier), only_pan)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag what is held; else say what lies under the pointer."""
        if self._viewport:
            self._hand.move(event.position())
            self.hovered.emit(self.to_photo(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        if self._viewport:
            self._hand.release(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Switch between the whole photo and 100 % at the pointer."""
        if self._viewport and self.mark_at(event.position()) is None:
            if self._viewport.fitted:
                self.zoom_to(1.0, event.position())
            else:
                self.fit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Offer what can be done with the face under the pointer."""
        index = self.mark_at(QPointF(event.pos())) if self._viewport else None
        if index is not None:
            self.face_menu_asked.emit(index, event.globalPos())

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Say what lies under the pointer."""
        if self._viewport:
            self._hand.move(event.position())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Nothing lies under the pointer any more."""
        del event
        self.hover_mark(None)
        self.hovered.emit(None)

    def mark_at(self, point: QPointF) -> int | None:
        """Return the face under a point of the widget."""
        if not self._marks_visible or self._shown() is Mode.DIFFERENCE:
            return None
        return overlays.mark_at(point, self.marks, self.mark_map(point))

    def hover_mark(self, index: int | None) -> None:
        """Show the figures and handles of a face."""
        if index != self.hovered_mark:
            self.hovered_mark = index
            self.update()

    def show_draft(self, box: Box | None) -> None:
        """Show a box that is being drawn."""
        self._draft = box
        self.update()
