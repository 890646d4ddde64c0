"""What may take the pointer and the keys over the photo from the hand: a brush, or what draws areas."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from app.window.viewer.overlays import ToWidget


class Tool(Protocol):
    """Points are logical px of the viewer."""

    def press(self, point: QPointF, held: Qt.KeyboardModifier) -> None:
        """The left button goes down; `held` are the keys Shift, Ctrl and Alt."""

    def move(self, point: QPointF | None) -> None:
        """The pointer moves, with or without the button; None when it leaves."""

    def release(self) -> None:
        """The button goes up."""

    def claims(self, event: QKeyEvent) -> bool:
        """Whether a key that is a shortcut of a command is meant for this tool."""

    def menu(self, point: QPointF | None, at: QPoint) -> bool:
        """Open a menu at a point of the screen for what lies under `point`, None for what is in focus."""

    def dropped(self) -> None:
        """Another tool took the place of this one."""

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key says; whether it meant anything."""

    def paint(self, painter: QPainter, to_widget: ToWidget) -> None:
        """Paint over the photo."""
