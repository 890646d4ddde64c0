"""What may take the pointer and the keys over the photo from the hand: a brush, or what draws areas."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter

from app.window.viewer.overlays import ToWidget


class Tool(QObject):
    """Points are logical px of the viewer. `changed` when the tool is taken up or put down.

    give: gives the pointer to a tool, or back to the hand.
    """

    changed = Signal()

    def __init__(self, viewer: QObject, give: Callable[[Tool | None], object]) -> None:
        super().__init__(viewer)
        self._give = give
        self.held = False

    def take_up(self) -> None:
        """Take the pointer."""
        self.held = True
        self._give(self)
        self.changed.emit()

    def put_down(self) -> None:
        """Give the pointer back to the hand."""
        self.release()
        self.held = False
        self._give(None)
        self.changed.emit()

    def dropped(self) -> None:
        """Another tool has taken the pointer."""
        if self.held:
            self.interrupt()
            self.held = False
            self.changed.emit()

    def press(self, point: QPointF, held: Qt.KeyboardModifier) -> None:
        """The left button goes down; `held` are the keys Shift, Ctrl and Alt."""
        raise NotImplementedError

    def move(self, point: QPointF | None) -> None:
        """The pointer moves, with or without the button; None when it leaves."""
        raise NotImplementedError

    def release(self) -> None:
        """The button goes up."""
        raise NotImplementedError

    def interrupt(self) -> None:
        """End what the button does, because the tool is dropped."""
        self.release()

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key says; whether it meant anything."""
        raise NotImplementedError

    def claims(self, event: QKeyEvent) -> bool:
        """Whether a key that is a shortcut of a command is meant for this tool."""
        del event
        return False

    def menu(self, point: QPointF | None, at: QPoint) -> bool:
        """Open a menu at a point of the screen for what lies under `point`, None for what is in focus."""
        del point, at
        return False

    def paint(self, painter: QPainter, to_widget: ToWidget) -> None:
        """Paint over the photo."""
