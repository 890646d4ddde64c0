"""Areas by pointer and keys: drawn, moved, resized, chosen, while the tool is held."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.window.photos.document import Document
from app.window.photos.photo_state import State
from app.window.viewer import overlays
from app.window.viewer.keys import ARROWS, box_in_the_middle
from app.window.viewer.tool import Tool
from app.window.viewer.viewer import Viewer
from engine.areas.area import Area, changed
from engine.faces.face import Box

_CLICK = 4
_NUDGE = 4.0  # logical px
_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_DELETE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)

Drag = Callable[[QPointF], None]


class AreaTool(Tool):
    """The viewer's tool while areas are drawn. `changed` also when the focus moves.

    menu_asked: the index of an area, and where its menu shall open. settled: a drag has ended.
    """

    settled = Signal()
    menu_asked = Signal(int, QPoint)

    def __init__(self, viewer: Viewer, document: Document) -> None:
        super().__init__(viewer, viewer.set_tool)
        self._viewer, self._document = viewer, document
        self.focused: int | None = None
        self._drag: Drag | None = None
        self._pressed = QPointF()
        self._moved = False
        self._draft: Box | None = None
        document.request_changed.connect(self._follow)
        document.photo_changed.connect(self._forget)

    @property
    def dragging(self) -> bool:
        """Whether an area is being drawn, moved or resized."""
        return self._drag is not None and self._moved

    def interrupt(self) -> None:
        """Draw no area of a drag that has not ended."""
        self._drag = self._draft = None

    # the area in focus

    def focus(self, index: int | None) -> None:
        """Give an area the handles."""
        if index != self.focused:
            self.focused = index
            self.changed.emit()

    def step(self, step: int) -> None:
        """Go to the next area, or to the one before, and bring it into view."""
        areas = self._document.shown.request.areas
        if not areas:
            return
        before = self.focused if self.focused is not None else -1 if step > 0 else 0
        self.focus((before + step) % len(areas))
        assert self.focused is not None
        left, top, right, bottom = areas[self.focused].box
        self._viewer.centre_on((left + right) / 2, (top + bottom) / 2)

    def add(self, box: Box) -> None:
        """Add an area; it has the focus."""
        if self._free:
            areas = (*self._document.shown.request.areas, Area(box))
            self.focused = len(areas) - 1
            self._document.shown.change_request(areas=areas)
            self.changed.emit()

    def toggle(self) -> None:
        """Use the area in focus, or leave it out."""
        area = self._area
        if area is not None:
            self._change(on=not area.on)

    def delete(self) -> None:
        """Remove the area in focus; the next one has the focus then."""
        areas, at = self._document.shown.request.areas, self.focused
        if at is not None and self._free:
            left = (*areas[:at], *areas[at + 1 :])
            self.focused = min(at, len(left) - 1) if left else None
            self._document.shown.change_request(areas=left)
            self.changed.emit()

    @property
    def _free(self) -> bool:
        return self._document.shown.state is State.READY

    @property
    def _area(self) -> Area | None:
        areas = self._document.shown.request.areas
        return areas[self.focused] if self.focused is not None and self.focused < len(areas) else None

    def _change(self, **fields: object) -> None:
        if self.focused is not None and self._free:
            areas = changed(self._document.shown.request.areas, self.focused, **fields)
            self._document.shown.change_request(areas=areas)

    def _follow(self) -> None:
        count = len(self._document.shown.request.areas)
        if self.focused is not None and self.focused >= count:
            self.focus(count - 1 if count else None)

    def _forget(self) -> None:
        self._drag = self._draft = None
        self.focus(None)
        if self.held and self._document.shown.photo is None:
            self.put_down()

    # the pointer

    def press(self, point: QPointF, held: Qt.KeyboardModifier) -> None:
        """Take hold of a handle or an area, or begin a new one; with Shift always a new one."""
        if not self._free:
            return
        self._pressed, self._moved = point, False
        handle = self._handle_at(point)
        index = self.area_at(point)
        if held & _SHIFT or (handle is None and index is None):
            self._drag = self._draw
        elif handle is not None:
            self._drag = self._reshaping(*handle)
        elif index is not None:
            self.focus(index)
            self._drag = self._moving()

    def move(self, point: QPointF | None) -> None:
        """Go on with a drag, or show what would be taken hold of."""
        if point is None:
            return
        if self._drag is None:
            self._viewer.setCursor(self._cursor(point))
        elif self._moved or (point - self._pressed).manhattanLength() > _CLICK:
            self._moved = True
            self._drag(point)

    def release(self) -> None:
        """End the drag."""
        draft, drawn, dragged = self._draft, self._drag == self._draw, self._drag is not None and self._moved
        self._drag = self._draft = None
        if draft is not None:
            self._viewer.show_draft(None)
            if self._viewer.within(*draft) is not None:
                self.add(draft)
        elif drawn:
            self.focus(None)  # a click beside all areas
        if dragged:
            self.settled.emit()

    def _draw(self, point: QPointF) -> None:
        start, end = self._viewer.to_photo(self._pressed), self._viewer.to_photo(point)
        self._draft = self._viewer.clamped(start.x(), start.y(), end.x(), end.y())
        self._viewer.show_draft(self._draft)

    def _reshaping(self, column: int, line: int) -> Drag:
        """Return a drag of one handle. column and line: -1, 0 or 1 for left or top, middle, right or bottom."""

        def reshape(point: QPointF) -> None:
            area = self._area
            if area is None:
                return
            left, top, right, bottom = area.box
            at = self._viewer.to_photo(point)
            left, right = (at.x(), right) if column < 0 else (left, at.x() if column > 0 else right)
            top, bottom = (at.y(), bottom) if line < 0 else (top, at.y() if line > 0 else bottom)
            box = self._viewer.within(left, top, right, bottom)
            if box is not None:
                self._change(box=box)

        return reshape

    def _moving(self) -> Drag:
        area, start = self._area, self._viewer.to_photo(self._pressed)
        assert area is not None

        def moved(point: QPointF) -> None:
            at = self._viewer.to_photo(point)
            self._change(box=self._moved_box(area.box, at.x() - start.x(), at.y() - start.y()))

        return moved

    def _moved_box(self, box: Box, dx: float, dy: float) -> Box:
        """Return the box moved, no further than the photo reaches."""
        assert self._viewer.viewport is not None
        (width, height), (left, top, right, bottom) = self._viewer.viewport.photo, box
        dx, dy = min(max(dx, -left), width - right), min(max(dy, -top), height - bottom)
        return left + dx, top + dy, right + dx, bottom + dy

    # keys

    def claims(self, event: QKeyEvent) -> bool:
        """Whether a key that is a shortcut elsewhere means areas now."""
        return not event.modifiers() and (event.key() in _DELETE or event.text() in (".", ",") or _is(event, "X"))

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key says: Enter, Esc, Del, X, full stop and comma, Ctrl with arrows."""
        key, held = Qt.Key(event.key()), event.modifiers()
        plain = not held & (_CONTROL | _SHIFT)
        if key == Qt.Key.Key_Escape:
            self.put_down()
        elif key in _ENTER and plain:
            self.add(box_in_the_middle(self._viewer))
        elif key in _DELETE and plain:
            self.delete()
        elif event.text() in (".", ",") and plain:
            self.step(1 if event.text() == "." else -1)
        elif _is(event, "X") and plain:
            self.toggle()
        elif key in ARROWS and held & _CONTROL:
            self._nudge(*ARROWS[key], sized=bool(held & _SHIFT))
        else:
            return False
        return True

    def _nudge(self, x: int, y: int, sized: bool) -> None:
        """Move the area in focus, or its right and lower side."""
        area, viewport = self._area, self._viewer.viewport
        if area is None or viewport is None:
            return
        step = _NUDGE * self._viewer.devicePixelRatioF() / viewport.scale
        left, top, right, bottom = area.box
        box = (
            self._viewer.within(left, top, right + x * step, bottom + y * step)
            if sized
            else self._moved_box(area.box, x * step, y * step)
        )
        if box is not None:
            self._change(box=box)

    def menu(self, point: QPointF | None, at: QPoint) -> bool:
        """Open the menu of the area under a point of the viewer, None for the one in focus."""
        index = self.focused if point is None else self.area_at(point)
        if index is not None:
            self.focus(index)
            self.menu_asked.emit(index, at)
        return index is not None

    # what is under the pointer

    def area_at(self, point: QPointF) -> int | None:
        """Return the smallest area under a point of the viewer."""
        to_widget = self._viewer.widget_map(point)
        rects = [overlays.place(area.box, to_widget) for area in self._document.shown.request.areas]
        hits = [(rect.width() * rect.height(), index) for index, rect in enumerate(rects) if rect.contains(point)]
        return min(hits)[1] if hits else None

    def _handle_at(self, point: QPointF) -> tuple[int, int] | None:
        area = self._area
        if area is None:
            return None
        rect = overlays.place(area.box, self._viewer.widget_map(point))
        found = (
            handle for handle, grip in overlays.handles(rect).items() if grip.adjusted(-4, -4, 4, 4).contains(point)
        )
        return next(found, None)

    def _cursor(self, point: QPointF) -> Qt.CursorShape:
        handle = self._handle_at(point)
        if handle is not None:
            return overlays.cursor_of(*handle)
        return Qt.CursorShape.CrossCursor if self.area_at(point) is None else Qt.CursorShape.SizeAllCursor


def _is(event: QKeyEvent, letter: str) -> bool:
    return event.text().upper() == letter
