"""The photo with its faces and areas, and with the tool that is held. Pointer and keys: see `Viewer`."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QFont, QImage, QPainter
from PySide6.QtWidgets import QWidget

from app.language import tr
from app.marks import FaceMark
from app.window.areas.overlay import ShownArea, paint_areas
from app.window.viewer import overlays
from app.window.viewer.captions import paint_captions, paint_not_yet
from app.window.viewer.comparison import Comparison, Mode, paint_divider
from app.window.viewer.picture_view import PictureView
from app.window.viewer.tool import Tool
from engine.faces.face import Box

_SMALLEST_BOX = 8  # px of the photo


class MarkedView(PictureView):
    """Paints the faces over the picture. Edits of faces are only signalled. drawing: the next drag draws a box."""

    face_clicked = Signal(int)
    face_drawn = Signal(tuple)
    face_changed = Signal(int, tuple)
    mark_hovered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.marks: Sequence[FaceMark] = ()
        self._marks_visible = True
        self.hovered_mark: int | None = None
        self.faces_at_full_size = False
        self.drawing = False
        self._draft: Box | None = None
        self._kernels: dict[Box, QImage] = {}
        self._field: Sequence[overlays.LocalKernel] = ()
        self._areas: Sequence[ShownArea] = ()
        self._tool: Tool | None = None
        self._describe()

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
        self.drawing = drawing
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
