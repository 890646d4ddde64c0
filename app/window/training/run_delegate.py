"""Paints a run in the list: its name, and its status below."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.window.theme.dressed import palette_in_force
from app.window.theme.tokens import RADIUS

STATUS = Qt.ItemDataRole.UserRole + 1
"""The role of the status in words."""

_HEIGHT = 48  # px
_INSET = 10


class RunDelegate(QStyledItemDelegate):
    """Paints two lines, the second in a weaker colour."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        """Return the height of two lines and the available width."""
        del option, index
        return QSize(0, _HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint a run."""
        palette = palette_in_force()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(option.rect).adjusted(0, 1, 0, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if chosen or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.accent_soft if chosen else palette.hover))
            painter.drawRoundedRect(place, RADIUS, RADIUS)
        inner = place.adjusted(_INSET, 5, -_INSET, -5)
        for role, colour, line in (
            (Qt.ItemDataRole.DisplayRole, palette.text, Qt.AlignmentFlag.AlignTop),
            (STATUS, palette.muted, Qt.AlignmentFlag.AlignBottom),
        ):
            text = option.fontMetrics.elidedText(
                str(index.data(role)), Qt.TextElideMode.ElideMiddle, round(inner.width())
            )
            painter.setPen(QColor(colour))
            painter.drawText(inner, int(line | Qt.AlignmentFlag.AlignLeft), text)
        painter.restore()
