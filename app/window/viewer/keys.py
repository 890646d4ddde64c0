"""Handles the keyboard over the photo: it pans, moves the divider, and moves and resizes the box of a face."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from app.window.viewer.marked_view import MarkedView

_PAN = 48.0  # logical px
_NUDGE = 4.0  # logical px
_DIVIDER = 0.02  # share of the view
_NEW_BOX = 1 / 4  # share of the view's shorter side
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class Keys:
    """Does by keys what the hand does by dragging; `press` returns whether the key had an effect."""

    def __init__(self, viewer: MarkedView) -> None:
        self._viewer = viewer

    def press(self, event: QKeyEvent) -> bool:
        """Handle a key."""
        viewer = self._viewer
        if viewer.viewport is None:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and viewer.drawing and not event.modifiers():
            viewer.face_drawn.emit(box_in_the_middle(viewer))
            return True
        arrow = ARROWS.get(Qt.Key(event.key()))
        if arrow is None:
            return False
        (x, y), held = arrow, event.modifiers()
        if held & _CONTROL:
            return self._change_box(x, y, sized=bool(held & _SHIFT))
        if held & _SHIFT:
            return self._move_divider(x, y)
        viewer.pan(-x * _PAN, -y * _PAN)
        return True

    def _move_divider(self, x: int, y: int) -> bool:
        shown = self._viewer.comparison
        if shown is None:
            return False
        at = shown.divider + _DIVIDER * (x if shown.upright else y)
        self._viewer.compare(divider=min(1.0, max(0.0, at)))
        return True

    def _change_box(self, x: int, y: int, sized: bool) -> bool:
        """Move the box of the focused face. sized: move only its right and lower side."""
        viewer, index = self._viewer, self._viewer.hovered_mark
        if index is None:
            return False
        assert viewer.viewport is not None
        step = _NUDGE * viewer.devicePixelRatioF() / viewer.viewport.scale
        left, top, right, bottom = viewer.marks[index].box
        dx, dy = x * step, y * step
        box = viewer.within(left + (0 if sized else dx), top + (0 if sized else dy), right + dx, bottom + dy)
        if box is not None:
            viewer.face_changed.emit(index, box)
        return True


def box_in_the_middle(viewer: MarkedView) -> tuple[float, float, float, float]:
    """Return a new box in the middle of the view, in px of the photo."""
    middle, half = QPointF(viewer.width() / 2, viewer.height() / 2), min(viewer.width(), viewer.height()) / 2
    reach = QPointF(half, half) * _NEW_BOX
    start, end = viewer.to_photo(middle - reach), viewer.to_photo(middle + reach)
    return viewer.clamped(start.x(), start.y(), end.x(), end.y())
