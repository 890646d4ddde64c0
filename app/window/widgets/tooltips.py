"""Uniform tooltips: one width, beside their control, never over it."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize
from PySide6.QtGui import QFontMetrics, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

_WIDEST = 280  # px of words
_GAP = 6  # px between a control and its tooltip
_LARGE = 96  # px; beside a taller control, such as a list, the tooltip would be far from the pointer
_POINTER = QSize(24, 24)


class Tooltips(QObject):
    """Shows the tooltips of all controls of the application; lists show those of their rows themselves."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Show a tooltip in place of Qt's own, which would be at the pointer and as wide as its longest line."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and isinstance(watched, QWidget):
            words = watched.toolTip()
            if words:
                show(words, watched, event.globalPos())
                return True
        return False


def show(words: str, control: QWidget, pointer: QPoint) -> None:
    """Show words beside a control, or beside the pointer if the control is large."""
    QToolTip.showText(pointer, wrapped(words, QFontMetrics(QToolTip.font())), control)
    tip = _shown()
    if tip is None:
        return
    place = QRect(control.mapToGlobal(QPoint(0, 0)), control.size())
    if place.height() > _LARGE:
        place = QRect(pointer, _POINTER)
    tip.move(beside(place, tip.size(), control.screen().availableGeometry()))


def wrapped(words: str, metrics: QFontMetrics) -> str:
    """Return words for `QToolTip`, wrapped at one width if they are longer."""
    rich = words.startswith("<qt>")  # as of `plain_tip`
    if not rich and max(map(metrics.horizontalAdvance, words.split("\n"))) <= _WIDEST:
        return words
    text = words if rich else escape(words).replace("\n", "<br>")
    return f'<table width="{_WIDEST}" cellspacing="0" cellpadding="0"><tr><td>{text}</td></tr></table>'


def beside(control: QRect, tip: QSize, screen: QRect) -> QPoint:
    """Return a tooltip's position: under its control, above it if there is no room, always on the screen."""
    below, above = control.bottom() + 1 + _GAP, control.top() - _GAP - tip.height()
    top = below if below + tip.height() <= screen.bottom() + 1 else max(above, screen.top())
    left = max(screen.left(), min(control.left(), screen.right() + 1 - tip.width()))
    return QPoint(left, top)


def _shown() -> QWidget | None:
    """Return Qt's only tooltip if it is visible."""
    tips = (part for part in QApplication.topLevelWidgets() if part.objectName() == "qtooltip_label")
    return next((tip for tip in tips if tip.isVisible()), None)
