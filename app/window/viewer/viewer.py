"""The photo with its faces, and the reactions to pointer and wheel."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.language import tr
from app.window.areas.overlay import ShownArea, paint_areas
from app.window.marks import FaceMark
from app.window.viewer import overlays
from app.window.viewer.captions import paint_captions, paint_not_yet
from app.window.viewer.comparison import Comparison, Mode, paint_divider
from app.window.viewer.hand import Hand
from app.window.viewer.keys import Keys
from app.window.viewer.picture_view import PictureView
from app.window.viewer.tool import Tool
from app.window.viewer.trackpad import Gesture, of_pinch, of_wheel
from engine.faces.face import Box

_SMALLEST_BOX = 8  # px of the photo


class Viewer(PictureView):
    """Paints the faces over the picture and handles pointer and wheel. Edits of faces are only signalled."""

    hovered = Signal(object)
    face_clicked = Signal(int)
    face_drawn = Signal(tuple)
    face_changed = Signal(int, tuple)
    face_menu_asked = Signal(int, QPoint)
    menu_asked = Signal(QPoint)
    mark_hovered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Photo"))
        self.setMinimumSize(320, 240)
        self.marks: Sequence[FaceMark] = ()
        self._marks_visible = True
        self.hovered_mark: int | None = None
        self.faces_at_full_size = False
        self._draft: Box | None = None
        self._kernels: dict[Box, QImage] = {}
        self._field: Sequence[overlays.LocalKernel] = ()
        self._areas: Sequence[ShownArea] = ()
        self._hand, self._keys = Hand(self), Keys(self)
        self._tool: Tool | None = None
        self._describe()

    # what is shown

    def set_marks(self, marks: Sequence[FaceMark]) -> None:
        """Draw other faces."""
        self.marks = marks
        if self.hovered_mark is not None and self.hovered_mark >= len(marks):
            self.hovered_mark = None
        self._describe()
        self.update()

    def set_kernels(self, kernels: dict[Box, QImage]) -> None:
        """Show these kernels at the corners of the faces with these boxes."""
        self._kernels = kernels
        self.update()

    def set_field(self, field: Sequence[overlays.LocalKernel]) -> None:
        """Show these kernels at their places over the photo."""
        self._field = field
        self.update()

    def set_areas(self, areas: Sequence[ShownArea]) -> None:
        """Show these areas over the photo."""
        self._areas = areas
        self.update()

    def set_drawing(self, drawing: bool) -> None:
        """Let the next drag draw a face's box."""
        self._hand.drawing = drawing
        self.setCursor(Qt.CursorShape.CrossCursor if drawing else Qt.CursorShape.ArrowCursor)

    def set_tool(self, tool: Tool | None) -> None:
        """Give the left button and the keys to a tool, or back to the hand."""
        before, self._tool = self._tool, tool
        if before is not None and tool is not None and before is not tool:
            before.dropped()
        self.hover_mark(None)
        self.setCursor(Qt.CursorShape.CrossCursor if tool else Qt.CursorShape.ArrowCursor)
        self.update()

    def set_marks_visible(self, visible: bool) -> None:
        """Show or hide the faces' boxes."""
        self._marks_visible = visible
        self.update()

    @property
    def drawing(self) -> bool:
        """Whether the next drag, or Enter, makes a face's box."""
        return self._hand.drawing

    def step_face(self, step: int) -> None:
        """Move the focus by `step` faces, and scroll to the face if the photo is magnified."""
        if not self.marks:
            return
        before = self.hovered_mark if self.hovered_mark is not None else -1 if step > 0 else 0
        index = (before + step) % len(self.marks)
        if self.faces_at_full_size:
            self.show_face(index)
            return
        self.hover_mark(index)
        left, top, right, bottom = self.marks[index].box
        self.centre_on((left + right) / 2, (top + bottom) / 2)

    def show_face(self, index: int) -> None:
        """Show a face at 100 % in the middle of the view."""
        self.hover_mark(index)
        left, top, right, bottom = self.marks[index].box
        self.zoom_to(1.0)
        self.centre_on((left + right) / 2, (top + bottom) / 2)

    def clamped(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Return the box between two points, clipped to the photo."""
        assert self._viewport is not None
        width, height = self._viewport.photo
        xs = sorted(min(max(x, 0.0), width) for x in (x0, x1))
        ys = sorted(min(max(y, 0.0), height) for y in (y0, y1))
        return xs[0], ys[0], xs[1], ys[1]

    def within(self, left: float, top: float, right: float, bottom: float) -> Box | None:
        """Return the part of the box inside the photo, None if almost nothing is left."""
        if right - left < _SMALLEST_BOX or bottom - top < _SMALLEST_BOX:
            return None
        box = self.clamped(left, top, right, bottom)
        return box if min(box[2] - box[0], box[3] - box[1]) >= _SMALLEST_BOX else None

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
        self._paint_tool(painter, mode)
        if mode is Mode.WIPE:
            paint_divider(painter, QRectF(self.rect()), shown)
        if shown.restored is not None:
            paint_captions(painter, shown, QSizeF(self.size()), small)
            paint_not_yet(painter, shown, QSizeF(self.size()), small)

    def _paint_tool(self, painter: QPainter, mode: Mode) -> None:
        """Let the tool paint, in both halves of side by side."""
        if self._tool is None or self._blinking:
            return
        halves = (1, 3) if mode is Mode.SIDE_BY_SIDE else (2,)
        for quarter in halves:
            painter.save()
            if len(halves) > 1:
                painter.setClipRect(QRectF((quarter - 1) * self.width() / 4, 0, self.width() / 2, self.height()))
            self._tool.paint(painter, self.widget_map(QPointF(quarter * self.width() / 4, 0)))
            painter.restore()

    def _paint_marks(self, painter: QPainter, middle: QPointF, font: QFont, parts: int) -> None:
        to_widget = self.widget_map(middle)
        painter.save()
        if parts > 1:
            width = self.width() / parts
            painter.setClipRect(QRectF(middle.x() - width / 2, 0, width, self.height()))
        overlays.paint_field(painter, self._field, to_widget)
        paint_areas(painter, self._areas, self.mark_map(middle), font)
        if self._marks_visible:
            overlays.paint_marks(painter, self.marks, self.mark_map(middle), font, self.hovered_mark, self._kernels)
        if self._draft:
            overlays.paint_draft(painter, overlays.place(self._draft, to_widget))
        painter.restore()

    # events

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

    def mark_at(self, point: QPointF) -> int | None:
        """Return the face under a point of the widget."""
        if not self._marks_visible or self._shown() is Mode.DIFFERENCE:
            return None
        return overlays.mark_at(point, self.marks, self.mark_map(point))

    def hover_mark(self, index: int | None) -> None:
        """Show the figures and handles of a face."""
        if index != self.hovered_mark:
            self.hovered_mark = index
            self._describe()
            self.mark_hovered.emit(-1 if index is None else index)
            self.update()

    def _describe(self) -> None:
        """Describe the focused face for screen readers."""
        text = tr("Drag or press the arrows to pan, turn the wheel to zoom, click a face to choose it.")
        if self.hovered_mark is not None:
            mark = self.marks[self.hovered_mark]
            place = tr("Face {number} of {count}").format(number=self.hovered_mark + 1, count=len(self.marks))
            text = f"{place}, {overlays.figures_of(mark)}, {tr('chosen') if mark.chosen else tr('left out')}"
        self.setAccessibleDescription(text)

    def show_draft(self, box: Box | None) -> None:
        """Show a box that is being drawn."""
        self._draft = box
        self.update()
