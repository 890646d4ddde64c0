"""Handles the pointer: it pans, drags the divider, and chooses, draws and reshapes faces."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt

from app.window.viewer import overlays
from app.window.viewer.marked_view import MarkedView
from engine.faces.face import Box

_CLICK = 4

Drag = Callable[[QPointF], object]
"""Called with the pointer's position until the button is released."""


class Hand:
    """Interprets presses, moves and releases for the viewer."""

    def __init__(self, viewer: MarkedView) -> None:
        self._viewer = viewer
        self._drag: Drag | None = None
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._moved = False
        self._draft: Box | None = None

    @property
    def holds(self) -> bool:
        """Whether a button is down that the hand follows."""
        return self._drag is not None

    def press(self, point: QPointF, shift: bool, only_pan: bool) -> None:
        """Decide what to drag."""
        self._pressed = self._last = point
        self._moved = False
        handle = self._handle_at(point)
        if only_pan:
            self._drag = self._pan
        elif self._viewer.drawing or shift:
            self._drag = self._draw
        elif handle:
            self._drag = self._reshaping(*handle)
        elif self._viewer.near_divider(point):
            self._drag = self._viewer.drag_divider
        else:
            self._drag = self._pan

    def move(self, point: QPointF) -> None:
        """Follow the pointer."""
        if self._pressed is None or self._drag is None:
            self._hover(point)
            return
        if not self._moved and (point - self._pressed).manhattanLength() <= _CLICK:
            return
        self._moved = True
        self._drag(point)
        self._last = point

    def release(self, point: QPointF) -> None:
        """End the drag; a press without a move is a click."""
        panned = self._drag == self._pan
        if self._pressed is not None and not self._moved and panned:
            index = self._viewer.mark_at(point)
            if index is not None:
                self._viewer.face_clicked.emit(index)
        if self._draft is not None:
            draft, self._draft = self._draft, None
            self._viewer.show_draft(None)
            if self._viewer.within(*draft) is not None:
                self._viewer.face_drawn.emit(draft)
        self._pressed = self._drag = None
        self._hover(point)

    # what a drag does

    def _pan(self, point: QPointF) -> None:
        self._viewer.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._viewer.pan(point.x() - self._last.x(), point.y() - self._last.y())

    def _draw(self, point: QPointF) -> None:
        assert self._pressed is not None
        start, end = self._viewer.to_photo(self._pressed), self._viewer.to_photo(point)
        self._draft = self._viewer.clamped(start.x(), start.y(), end.x(), end.y())
        self._viewer.show_draft(self._draft)

    def _reshaping(self, index: int, column: int, line: int) -> Drag:
        """Return a drag of one handle. column and line: -1, 0 or 1 for left or top, middle, right or bottom."""

        def reshape(point: QPointF) -> None:
            left, top, right, bottom = self._viewer.marks[index].box
            at = self._viewer.to_photo(point)
            left, right = (at.x(), right) if column < 0 else (left, at.x() if column > 0 else right)
            top, bottom = (at.y(), bottom) if line < 0 else (top, at.y() if line > 0 else bottom)
            box = self._viewer.within(left, top, right, bottom)
            if box is not None:
                self._viewer.face_changed.emit(index, box)

        return reshape

    # what is under the pointer

    def _handle_at(self, point: QPointF) -> tuple[int, int, int] | None:
        viewer = self._viewer
        index = viewer.hovered_mark
        if index is None or index >= len(viewer.marks):
            return None
        rect = overlays.place(viewer.marks[index].box, viewer.mark_map(point))
        for (column, line), handle in overlays.handles(rect).items():
            if handle.adjusted(-4, -4, 4, 4).contains(point):
                return index, column, line
        return None

    def _hover(self, point: QPointF) -> None:
        viewer = self._viewer
        handle = self._handle_at(point)
        if handle is None:
            viewer.hover_mark(viewer.mark_at(point))
        viewer.setCursor(self._cursor(point, handle))

    def _cursor(self, point: QPointF, handle: tuple[int, int, int] | None) -> Qt.CursorShape:
        viewer = self._viewer
        if viewer.drawing:
            return Qt.CursorShape.CrossCursor
        if handle:
            return overlays.cursor_of(*handle[1:])
        if viewer.near_divider(point):
            upright = viewer.comparison is not None and viewer.comparison.upright
            return Qt.CursorShape.SplitHCursor if upright else Qt.CursorShape.SplitVCursor
        return Qt.CursorShape.PointingHandCursor if viewer.hovered_mark is not None else Qt.CursorShape.OpenHandCursor
