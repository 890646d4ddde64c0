"""A frame that acts as a button, and a line of a list that does."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame

from app.window.widgets.basics import ElidedLabel


class Pressable(QFrame):
    """`pressed` by a click, by Enter or by the space bar."""

    pressed = Signal()

    def __init__(self, role: str) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Act if the button is released inside."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Act on Enter and the space bar, also those of the keypad."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not held:
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


class PressedRow(Pressable):
    """Holds a name and what is said about it."""

    def __init__(self) -> None:
        super().__init__("row")
        self.name, self.about = ElidedLabel("section"), ElidedLabel("caption")
