"""The photo on the screen: zoom, pan, comparison, faces."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFont, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.window.document import FaceMark
from app.window.viewer import overlays
from app.window.viewer.comparison import Comparison, Mode, halves, paint, paint_divider
from app.window.viewer.pyramid import Pyramid
from app.window.viewer.viewport import Viewport

_GRIP = 10
_CLICK = 4
_CAPTIONS = {
    Mode.WIPE: ("Before", "After"),
    Mode.SIDE_BY_SIDE: ("Before", "After"),
    Mode.DIFFERENCE: ("Difference × {amplified}", ""),
    Mode.ORIGINAL: ("Before", ""),
    Mode.RESULT: ("", "After"),
}


class Viewer(QWidget):
    """Paints a `Comparison` through a `Viewport`; what the user does to the faces is only announced.

    Positions of the viewport are device px, those of events and overlays logical px.
    """

    viewport_changed = Signal()
    hovered = Signal(object)
    face_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Photo")
        self.setAccessibleDescription("Drag to pan, turn the wheel to zoom, click a face to choose it.")
        self.setMinimumSize(320, 240)
        self._canvas = QColor("black")
        self._comparison: Comparison | None = None
        self._choices: dict[str, Any] = {}
        self._viewport: Viewport | None = None
        self._marks: Sequence[FaceMark] = ()
        self._marks_visible = True
        self._hovered_mark: int | None = None
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._moved = False
        self._on_divider = False
        self._blinking = False

    # what is shown

    def set_canvas(self, colour: str) -> None:
        """Set the colour round the photo."""
        self._canvas = QColor(colour)
        self.update()

    def set_pictures(self, original: Pyramid | None, restored: Pyramid | None) -> None:
        """Show other pictures; zoom and place stay while the photo has the same size."""
        if original is None:
            self._comparison = self._viewport = None
        else:
            self._comparison = Comparison(original, restored, **self._choices)
            if self._viewport is None or self._viewport.photo != original.size:
                self._viewport = Viewport(original.size, self._view_size()).fit()
            self._follow_mode()
        self.update()
        self.viewport_changed.emit()

    def set_marks(self, marks: Sequence[FaceMark]) -> None:
        """Draw other faces."""
        self._marks = marks
        self._hovered_mark = None
        self.update()

    def set_marks_visible(self, visible: bool) -> None:
        """Show or hide the faces' boxes."""
        self._marks_visible = visible
        self.update()

    def compare(self, **choices: Any) -> None:
        """Change fields of the `Comparison`: mode, strength, upright, divider, doublings."""
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
        if self._marks_visible and not self._blinking and mode is not Mode.DIFFERENCE:
            offsets = [0.0]
            if mode is Mode.SIDE_BY_SIDE:
                offsets.append(halves(self._device_rect())[1].left())
            for offset in offsets:
                painter.save()
                left = offset / self.devicePixelRatioF()
                if len(offsets) > 1:
                    painter.setClipRect(QRectF(left, 0, self.width() / 2, self.height()))
                overlays.paint_marks(
                    painter,
                    self._marks,
                    lambda x, y, offset=offset: self.to_widget(x, y, offset),  # type: ignore[misc]
                    small,
                    self._hovered_mark,
                )
                painter.restore()
        if mode is Mode.WIPE:
            paint_divider(painter, QRectF(self.rect()), shown)
        if shown.restored is not None:
            self._paint_captions(painter, shown, small)

    def _paint_captions(self, painter: QPainter, shown: Comparison, font: QFont) -> None:
        first, second = _CAPTIONS[shown.shown]
        first = first.format(amplified=2**shown.doublings)
        upright = shown.shown is not Mode.WIPE or shown.upright
        if first:
            overlays.paint_caption(painter, first, QPointF(12, 12), font)
        if second and upright:
            overlays.paint_caption(painter, second, QPointF(self.width() - 12, 12), font, right=True)
        elif second:
            overlays.paint_caption(painter, second, QPointF(12, self.height() - 12 - font.pixelSize() - 12), font)

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
        """Take hold of the divider or the photo."""
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton) or not self._viewport:
            return
        self._pressed = self._last = event.position()
        self._moved = False
        self._on_divider = self._near_divider(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag what is held; else say what lies under the pointer."""
        point = event.position()
        if self._pressed is None:
            self._hover(point)
            return
        if (point - self._pressed).manhattanLength() > _CLICK:
            self._moved = True
        if self._on_divider:
            self._drag_divider(point)
        elif self._moved:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.pan(point.x() - self._last.x(), point.y() - self._last.y())
            self._last = point

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go; a press without a move is a click on what lies there."""
        clicked = self._pressed is not None and not self._moved and not self._on_divider
        self._pressed, self._on_divider = None, False
        if clicked and event.button() == Qt.MouseButton.LeftButton:
            index = self._mark_at(event.position())
            if index is not None:
                self.face_clicked.emit(index)
        self._hover(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Switch between the whole photo and 100 % at the pointer."""
        if self._viewport and self._mark_at(event.position()) is None:
            if self._viewport.fitted:
                self.zoom_to(1.0, event.position())
            else:
                self.fit()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Say what lies under the pointer."""
        self._hover(event.position())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Nothing lies under the pointer any more."""
        del event
        self._hovered_mark = None
        self.hovered.emit(None)
        self.update()

    def _hover(self, point: QPointF) -> None:
        if self._viewport is None:
            self.unsetCursor()
            return
        mark = self._mark_at(point)
        if mark != self._hovered_mark:
            self._hovered_mark = mark
            self.update()
        if self._near_divider(point):
            upright = self._comparison is not None and self._comparison.upright
            self.setCursor(Qt.CursorShape.SplitHCursor if upright else Qt.CursorShape.SplitVCursor)
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor if mark is not None else Qt.CursorShape.OpenHandCursor)
        self.hovered.emit(self.to_photo(point))

    def _near_divider(self, point: QPointF) -> bool:
        if self._comparison is None or self._shown() is not Mode.WIPE:
            return False
        if self._comparison.upright:
            return abs(point.x() - self.width() * self._comparison.divider) <= _GRIP
        return abs(point.y() - self.height() * self._comparison.divider) <= _GRIP

    def _drag_divider(self, point: QPointF) -> None:
        assert self._comparison is not None
        upright = self._comparison.upright
        place = point.x() / self.width() if upright else point.y() / self.height()
        self.compare(divider=min(1.0, max(0.0, place)))

    def _mark_at(self, point: QPointF) -> int | None:
        if not self._marks_visible or self._shown() is Mode.DIFFERENCE:
            return None
        offset = self._offset(point)
        return overlays.mark_at(point, self._marks, lambda x, y: self.to_widget(x, y, offset))
