"""The photo with its faces, and the reactions to pointer and wheel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.language import tr
from app.window.viewer.hand import Hand
from app.window.viewer.keys import Keys
from app.window.viewer.marked_view import MarkedView
from app.window.viewer.trackpad import Gesture, of_pinch, of_wheel


class Viewer(MarkedView):
    """Handles pointer, wheel and keys: each event goes to the tool that is held, else to the hand or the keys."""

    hovered = Signal(object)
    face_menu_asked = Signal(int, QPoint)
    menu_asked = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Photo"))
        self.setMinimumSize(320, 240)
        self._hand, self._keys = Hand(self), Keys(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Pan, move the divider or the focused box; leave other keys to the window."""
        if self._tool is not None and self._viewport and self._tool.key(event):
            return
        if not self._keys.press(event):
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom at the pointer by a wheel, pan by two fingers."""
        if self._viewport:
            self._do(of_wheel(event), event.position())
            event.accept()

    def event(self, event: QEvent) -> bool:
        """Zoom by a pinch; keep a key from being a command's shortcut where the tool claims it."""
        tool = self._tool if self._viewport and event.type() == QEvent.Type.ShortcutOverride else None
        if tool is not None and isinstance(event, QKeyEvent) and tool.claims(event):
            event.accept()
            return True
        if isinstance(event, QNativeGestureEvent) and self._viewport:
            self._do(of_pinch(event), event.position())
            return True
        return super().event(event)

    def _do(self, gesture: Gesture, at: QPointF) -> None:
        assert self._viewport is not None
        if gesture.pan is not None:
            self.pan(gesture.pan.x(), gesture.pan.y())
        elif gesture.switch:
            self._switch_zoom(at)
        elif not gesture.empty:
            self.zoom_to(self._viewport.scale * gesture.zoom, at)

    def _switch_zoom(self, at: QPointF) -> None:
        if self._viewport and self._viewport.fitted:
            self.zoom_to(1.0, at)
        else:
            self.fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin to drag what is under the pointer."""
        if self._viewport and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            only_pan = event.button() == Qt.MouseButton.MiddleButton
            if self._tool is not None and not only_pan:
                self._tool.press(event.position(), event.modifiers())
                return
            self._hand.press(event.position(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier), only_pan)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Continue a drag, or describe what is under the pointer."""
        if self._viewport:
            if self._tool is None or self._hand.holds:
                self._hand.move(event.position())
            if self._tool is not None:
                self._tool.move(event.position())
            self.hovered.emit(self.to_photo(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End the drag."""
        if self._tool is not None and event.button() == Qt.MouseButton.LeftButton:
            self._tool.release()
        elif self._viewport:
            self._hand.release(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Switch between the whole photo and 100 % at the pointer."""
        if self._tool is not None:
            self.mousePressEvent(event)
        elif self._viewport and self.mark_at(event.position()) is None:
            self._switch_zoom(event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Open the menu of the face under the pointer, for a key that of the focused face, or that of the photo."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        if self._tool is not None and self._viewport:
            self._tool.menu(None if by_key else QPointF(event.pos()), event.globalPos())
            return
        index = self.hovered_mark if by_key else self.mark_at(QPointF(event.pos())) if self._viewport else None
        if index is not None:
            self.face_menu_asked.emit(index, event.globalPos())
        elif self._viewport:
            self.menu_asked.emit(event.globalPos())

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Describe what is under the pointer."""
        if self._viewport and self._tool is None:
            self._hand.move(event.position())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Forget what was under the pointer."""
        del event
        self.hover_mark(None)
        if self._tool is not None:
            self._tool.move(None)
        self.hovered.emit(None)
