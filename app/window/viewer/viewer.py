"""The photo on the screen: zoom, pan, comparison, faces."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFont,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.language import tr
from app.window.marks import FaceMark
from app.window.viewer import overlays
from app.window.viewer.captions import paint_captions
from app.window.viewer.comparison import Comparison, Mode, halves, paint, paint_divider
from app.window.viewer.hand import Hand
from app.window.viewer.pyramid import Pyramid
from app.window.viewer.viewport import Viewport
from engine.faces.face import Box

_GRIP = 10


class Viewer(QWidget):
    """Paints a `Comparison` through a `Viewport`; what the user does to the faces is only announced.

    Positions of the viewport are device px, those of events and overlays logical px.
    """

    viewport_changed = Signal()
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
        self._canvas = QColor("black")
        self._comparison: Comparison | None = None
        self._choices: dict[str, Any] = {}
        self._viewport: Viewport | None = None
        self.marks: Sequence[FaceMark] = ()
        self._marks_visible = True
        self.hovered_mark: int | None = None
        self._draft: Box | None = None
        self._kernels: dict[Box, QImage] = {}
        self._field: Sequence[overlays.LocalKernel] = ()
        self._hand = Hand(self)
        self._blinking = False

    # what is shown

    def set_canvas(self, colour: str) -> None:
        """Set the colour round the photo."""
        self._canvas = QColor(colour)
        self.update()

    def set_pictures(
        self, original: Pyramid | None, restored: Pyramid | None, trust_map: Pyramid | None = None
    ) -> None:
        """Show other pictures; zoom and place stay while the photo has the same size. The map goes over both."""
        if original is None:
            self._comparison = self._viewport = None
        else:
            self._comparison = Comparison(original, restored, trust_map=trust_map, **self._choices)
            if self._viewport is None or self._viewport.photo != original.size:
                self._viewport = Viewport(original.size, self._view_size()).fit()
            self._follow_mode()
        self.update()
        self.viewport_changed.emit()

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

    def compare(self, **choices: Any) -> None:
        """Change fields of the `Comparison`: mode, strength, faces, upright, divider, doublings."""
        self._choices |= choices
        if self._comparison:
            self._comparison = dataclasses.replace(self._comparison, **choices)
            self._follow_mode()
        self.update()

    def blink(self, held: bool) -> None:
        """Show the original for as long as a key is held."""
        if held != self._blinking:
            self._blinking = held
            self.update()

    @property
    def comparison(self) -> Comparison | None:
        """What is painted, None without a photo."""
        return self._comparison

    @property
    def viewport(self) -> Viewport | None:
        """Which part is painted, None without a photo."""
        return self._viewport

    # zoom and pan

    def fit(self) -> None:
        """Show the whole photo."""
        if self._viewport:
            self._go(self._viewport.fit())

    def zoom_to(self, scale: float, at: QPointF | None = None) -> None:
        """Show `scale` device px per px of the photo, with the point under `at` (the middle) kept."""
        if self._viewport:
            self._go(self._viewport.zoomed(scale, self._device(at)))

    def zoom_step(self, direction: int) -> None:
        """Go to the next round scale, nearer (1) or farther (-1)."""
        if self._viewport:
            self._go(self._viewport.stepped(direction, self._device(None)))

    def pan(self, dx: float, dy: float) -> None:
        """Move the photo by logical px."""
        if self._viewport:
            ratio = self.devicePixelRatioF()
            self._go(self._viewport.panned(dx * ratio, dy * ratio))

    def _go(self, viewport: Viewport) -> None:
        self._viewport = viewport
        self.update()
        self.viewport_changed.emit()

    # geometry

    def _device_rect(self) -> QRectF:
        ratio = self.devicePixelRatioF()
        return QRectF(0, 0, round(self.width() * ratio), round(self.height() * ratio))

    def _shown(self) -> Mode:
        if self._comparison is None or self._blinking:
            return Mode.ORIGINAL
        return self._comparison.shown

    def _view_size(self) -> tuple[float, float]:
        rect = self._device_rect()
        if self._comparison and self._comparison.shown is Mode.SIDE_BY_SIDE:
            rect = halves(rect)[0]
        return rect.width(), rect.height()

    def _follow_mode(self) -> None:
        if self._viewport and self._viewport.view != self._view_size():
            self._viewport = self._viewport.resized(self._view_size())
            self.viewport_changed.emit()

    def _offset(self, point: QPointF) -> float:
        """Return where the half under a point begins, in device px: 0 but in the right half of side by side."""
        if self._shown() is not Mode.SIDE_BY_SIDE:
            return 0.0
        right = halves(self._device_rect())[1]
        return right.left() if point.x() * self.devicePixelRatioF() >= right.left() else 0.0

    def _device(self, point: QPointF | None) -> tuple[float, float]:
        if point is None:
            width, height = self._view_size()
            return width / 2, height / 2
        ratio = self.devicePixelRatioF()
        return point.x() * ratio - self._offset(point), point.y() * ratio

    def to_photo(self, point: QPointF) -> QPointF:
        """Return the photo's point under a point of the widget."""
        assert self._viewport is not None
        return QPointF(*self._viewport.to_photo(*self._device(point)))

    def to_widget(self, x: float, y: float, offset: float = 0.0) -> QPointF:
        """Return where a point of the photo lies in the widget; `offset` is that of the half, in device px."""
        assert self._viewport is not None
        at_x, at_y = self._viewport.to_view(x, y)
        ratio = self.devicePixelRatioF()
        return QPointF((at_x + offset) / ratio, at_y / ratio)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the visible part of the photo and what lies over it."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._canvas)
        if self._comparison is None or self._viewport is None:
            return
        shown = dataclasses.replace(self._comparison, mode=Mode.ORIGINAL) if self._blinking else self._comparison
        ratio = self.devicePixelRatioF()
        viewport = self._viewport
        if self._blinking:
            viewport = viewport.resized((self._device_rect().width(), self._device_rect().height()))
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        paint(painter, shown, viewport, self._device_rect())
        painter.restore()
        self._paint_over(painter, shown)

    def _paint_over(self, painter: QPainter, shown: Comparison) -> None:
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
            overlays.paint_marks(painter, self.marks, to_widget, font, self.hovered_mark, self._kernels)
        if self._draft:
            overlays.paint_draft(painter, overlays.place(self._draft, to_widget))
        painter.restore()

    # events

    def sizeHint(self) -> QSize:  # noqa: N802
        """As large as there is room."""
        return QSize(900, 700)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep what is shown in the middle."""
        super().resizeEvent(event)
        self._follow_mode()

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

    def near_divider(self, point: QPointF) -> bool:
        """Whether a point of the widget is on the wipe's divider."""
        if self._comparison is None or self._shown() is not Mode.WIPE:
            return False
        along, length = (point.x(), self.width()) if self._comparison.upright else (point.y(), self.height())
        return abs(along - length * self._comparison.divider) <= _GRIP

    def drag_divider(self, point: QPointF) -> None:
        """Put the divider under a point of the widget."""
        if self._comparison:
            place = point.x() / self.width() if self._comparison.upright else point.y() / self.height()
            self.compare(divider=min(1.0, max(0.0, place)))

    def mark_at(self, point: QPointF) -> int | None:
        """Return the face under a point of the widget."""
        if not self._marks_visible or self._shown() is Mode.DIFFERENCE:
            return None
        return overlays.mark_at(point, self.marks, self.widget_map(point))

    def widget_map(self, point: QPointF) -> overlays.ToWidget:
        """Return the map from photo to widget that holds in the half under a point."""
        offset = self._offset(point)
        return lambda x, y: self.to_widget(x, y, offset)

    def hover_mark(self, index: int | None) -> None:
        """Show the figures and handles of a face."""
        if index != self.hovered_mark:
            self.hovered_mark = index
            self.update()

    def show_draft(self, box: Box | None) -> None:
        """Show a box that is being drawn."""
        self._draft = box
        self.update()
