"""A dialog or a page of its own that is never larger than the screen."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog

FRAME = QSize(8, 40)
"""Round a window, as wide as systems make it, in logical px."""


class Page(QDialog):
    """Clamped to the screen when it is shown; what has no room there scrolls inside."""

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Come onto the screen whole."""
        super().showEvent(event)
        screen = self.screen().availableGeometry()
        if not self.isMaximized() and not self.isFullScreen():
            self.setGeometry(inside(self.geometry(), screen))


def inside(wanted: QRect, screen: QRect) -> QRect:
    """Return the place of a window's inside on a screen, as near to what is wanted as its frame allows."""
    size = wanted.size().boundedTo(screen.size() - FRAME)
    left = min(max(wanted.left(), screen.left() + FRAME.width() // 2), screen.right() + 1 - size.width() - 4)
    top = min(
        max(wanted.top(), screen.top() + FRAME.height() - 4),
        screen.bottom() + 1 - size.height() - FRAME.width() // 2,
    )
    return QRect(left, top, size.width(), size.height())
