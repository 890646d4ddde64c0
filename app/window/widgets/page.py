"""A dialog or separate page that is never larger than the screen."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog

FRAME = QSize(8, 40)
"""Typical size of the frame that systems draw around a window, in logical px."""


class Page(QDialog):
    """Fits itself onto the screen when it is shown; what does not fit scrolls."""

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Move completely onto the screen."""
        super().showEvent(event)
        screen = self.screen().availableGeometry()
        if not self.isMaximized() and not self.isFullScreen():
            self.setGeometry(inside(self.geometry(), screen))


def inside(wanted: QRect, screen: QRect) -> QRect:
    """Return a rectangle for a window's contents that keeps the whole window on the screen, close to `wanted`."""
    size = wanted.size().boundedTo(screen.size() - FRAME)
    left = min(max(wanted.left(), screen.left() + FRAME.width() // 2), screen.right() + 1 - size.width() - 4)
    top = min(
        max(wanted.top(), screen.top() + FRAME.height() - 4),
        screen.bottom() + 1 - size.height() - FRAME.width() // 2,
    )
    return QRect(left, top, size.width(), size.height())
