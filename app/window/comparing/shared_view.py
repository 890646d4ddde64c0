"""One zoom and one position for several pictures of the same photo."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QNativeGestureEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.window.viewer.comparison import draw
from app.window.viewer.pyramid import Pyramid
from app.window.viewer.trackpad import Gesture, of_pinch, of_wheel
from app.window.viewer.viewport import Viewport

_WORDS_OVER = QColor(0, 0, 0, 150)
_SOMETHING = (100.0, 100.0)


class SharedView(QObject):
    """Holds the part of the photo that all panes show. Each pane fits it into its own size."""

    changed = Signal()

    def __init__(self, photo: tuple[int, int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.viewport = Viewport(photo, _SOMETHING).fit()

    def go(self, viewport: Viewport) -> None:
        """Show another part."""
        self.viewport = viewport
        self.changed.emit()


class Pane(QWidget):
    """Shows one picture in the shared view, and words over it while it waits."""

    def __init__(self, view: SharedView, name: str) -> None:
        super().__init__()
        self._view = view
        self._canvas = QColor("black")
        self._picture: Pyramid | None = None
        self._words = ""
        self._last: QPointF | None = None
        self.setAccessibleName(name)
        self.setMinimumSize(120, 90)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        view.changed.connect(self.update)

    def show_picture(self, picture: Pyramid | None, words: str = "") -> None:
        """Show a picture; dim it if there are words over it."""
        self._picture, self._words = picture, words
        self.update()

    def set_canvas(self, colour: str) -> None:
        """Set the colour around the photo."""
        self._canvas = QColor(colour)
        self.update()

    @property
    def viewport(self) -> Viewport:
        """The shared part of the photo for this pane's own size, in device px."""
        ratio = self.devicePixelRatioF()
        return self._view.viewport.resized((round(self.width() * ratio), round(self.height() * ratio)))

    def _at(self, point: QPointF) -> tuple[float, float]:
        ratio = self.devicePixelRatioF()
        return point.x() * ratio, point.y() * ratio

    # events

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a large size, so that the pane takes all the room."""
        return QSize(320, 240)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the visible part of the picture, and the words."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._canvas)
        if self._picture is not None:
            ratio, viewport = self.devicePixelRatioF(), self.viewport
            painter.save()
            painter.scale(1 / ratio, 1 / ratio)
            draw(painter, self._picture, viewport, QRectF(0, 0, *viewport.view))
            painter.restore()
        if self._words:
            painter.fillRect(self.rect(), _WORDS_OVER)
            painter.setPen(QColor("#ffffff"))
            inner = self.rect().adjusted(16, 8, -16, -8)
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._words)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the size in the shared view, so that its zoom is that of the panes."""
        super().resizeEvent(event)
        self._view.go(self.viewport)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom all panes at the pointer by a wheel, pan them by two fingers."""
        self._do(of_wheel(event), event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Zoom by a pinch."""
        if isinstance(event, QNativeGestureEvent):
            self._do(of_pinch(event), event.position())
            return True
        return super().event(event)

    def _do(self, gesture: Gesture, at: QPointF) -> None:
        viewport, ratio = self.viewport, self.devicePixelRatioF()
        if gesture.pan is not None:
            self._view.go(viewport.panned(gesture.pan.x() * ratio, gesture.pan.y() * ratio))
        elif gesture.switch:
            self._view.go(viewport.zoomed(1.0, self._at(at)) if viewport.fitted else viewport.fit())
        elif not gesture.empty:
            self._view.go(viewport.zoomed(viewport.scale * gesture.zoom, self._at(at)))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin to drag the photo."""
        self._last = event.position()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move the photo in all panes."""
        if self._last is not None:
            (x, y), (last_x, last_y) = self._at(event.position()), self._at(self._last)
            self._view.go(self.viewport.panned(x - last_x, y - last_y))
            self._last = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End the drag."""
        del event
        self._last = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Switch between the whole photo and 100 % at the pointer."""
        viewport = self.viewport
        self._view.go(viewport.zoomed(1.0, self._at(event.position())) if viewport.fitted else viewport.fit())
