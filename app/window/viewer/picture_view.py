"""A photo in a widget: which part is shown, which comparison, and the maps between widget and photo."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.window.viewer.comparison import Comparison, Mode, halves, paint
from app.window.viewer.overlays import ToWidget
from app.window.viewer.pyramid import Pyramid
from app.window.viewer.result_maps import ResultMap
from app.window.viewer.viewport import Viewport

_GRIP = 10


class PictureView(QWidget):
    """Paints a `Comparison` through a `Viewport`.

    Positions in the viewport are device px; those of events and overlays are logical px.
    """

    viewport_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = QColor("black")
        self._comparison: Comparison | None = None
        self._choices: dict[str, Any] = {}
        self._viewport: Viewport | None = None
        self._before: Viewport | None = None
        self._blinking = False

    # what is shown

    def set_canvas(self, colour: str) -> None:
        """Set the colour around the photo."""
        self._canvas = QColor(colour)
        self.update()

    def set_pictures(
        self, original: Pyramid | None, restored: Pyramid | None, result_map: ResultMap | None = None
    ) -> None:
        """Show other pictures with the same zoom and position. The map covers both."""
        if original is None:
            self._before = self._viewport or self._before
            self._comparison = self._viewport = None
        else:
            self._comparison = Comparison(original, restored, result_map=result_map, **self._choices)
            before = self._viewport or self._before
            if before is None or before.photo != original.size or self._viewport is None:
                self._viewport = Viewport(original.size, self._view_size()).like(before)
            self._follow_mode()
        self.update()
        self.viewport_changed.emit()

    def compare(self, **choices: Any) -> None:
        """Change fields of the `Comparison`: mode, strength, faces, upright, divider, doublings."""
        self._choices |= choices
        if self._comparison:
            self._comparison = dataclasses.replace(self._comparison, **choices)
            self._follow_mode()
        self.update()

    def blink(self, held: bool) -> None:
        """Show the original while `held` is true."""
        if held != self._blinking:
            self._blinking = held
            self.update()

    @property
    def comparison(self) -> Comparison | None:
        """The comparison that is painted, None without a photo."""
        return self._comparison

    @property
    def viewport(self) -> Viewport | None:
        """The visible part, None without a photo."""
        return self._viewport

    # zoom and pan

    def fit(self) -> None:
        """Show the whole photo."""
        if self._viewport:
            self._go(self._viewport.fit())

    def forget_zoom(self) -> None:
        """Fit the next photo into the view instead of keeping the zoom."""
        self._before = None

    def centre_on(self, x: float, y: float) -> None:
        """Move a point of the photo to the middle of the view, unless the whole photo is visible."""
        if self._viewport and not self._viewport.fitted:
            self._go(self._viewport.centred(x, y))

    def zoom_to(self, scale: float, at: QPointF | None = None) -> None:
        """Show `scale` device px per px of the photo; the point under `at` (default: the middle) stays in place."""
        if self._viewport:
            self._go(self._viewport.zoomed(scale, self._device(at)))

    def zoom_step(self, direction: int) -> None:
        """Go to the next round scale: 1 zooms in, -1 zooms out."""
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
        """Return the left edge of the half under a point, in device px: 0 unless it is the right half."""
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
        """Return the widget's point for a point of the photo. offset: left edge of the half, in device px."""
        assert self._viewport is not None
        at_x, at_y = self._viewport.to_view(x, y)
        ratio = self.devicePixelRatioF()
        return QPointF((at_x + offset) / ratio, at_y / ratio)

    def near_divider(self, point: QPointF) -> bool:
        """Whether a point of the widget is on the wipe's divider."""
        if self._comparison is None or self._shown() is not Mode.WIPE:
            return False
        along, length = (point.x(), self.width()) if self._comparison.upright else (point.y(), self.height())
        return abs(along - length * self._comparison.divider) <= _GRIP

    def drag_divider(self, point: QPointF) -> None:
        """Move the divider to a point of the widget."""
        if self._comparison:
            place = point.x() / self.width() if self._comparison.upright else point.y() / self.height()
            self.compare(divider=min(1.0, max(0.0, place)))

    def widget_map(self, point: QPointF) -> ToWidget:
        """Return the map from photo to widget for the half under a point."""
        offset = self._offset(point)
        return lambda x, y: self.to_widget(x, y, offset)

    def mark_map(self, point: QPointF) -> ToWidget:
        """Return the same map for faces, clipped to the photo."""
        assert self._viewport is not None
        to_widget, (width, height) = self.widget_map(point), self._viewport.photo
        return lambda x, y: to_widget(min(max(x, 0), width), min(max(y, 0), height))

    # painting

    def paint_over(self, painter: QPainter, shown: Comparison) -> None:
        """Paint the overlays, in logical px."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the visible part of the photo and the overlays."""
        painter = QPainter(self)
        painter.setClipRect(event.rect())
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
        self.paint_over(painter, shown)

    # size

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a large size, so that the view takes all the room."""
        return QSize(900, 700)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the middle of the view when its size changes."""
        super().resizeEvent(event)
        self._follow_mode()
