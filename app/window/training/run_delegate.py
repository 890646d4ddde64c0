"""Paints a run in the list: its name, and its status below."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.window.theme.tokens import RADIUS, Palette

STATUS = Qt.ItemDataRole.UserRole + 1
"""The role of the status in words."""

_HEIGHT = 48  # px
_INSET = 10


class RunDelegate(QStyledItemDelegate):
    """Paints two lines, the second in a weaker colour."""

    _palette: Palette | None = None

    def dress(self, palette: Palette) -> None:
        """Use the colours of the theme."""
        self._palette = palette

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        """Return the height of two lines and the available width."""
        del option, index
        return QSize(0, _HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint a run."""
        if self._palette is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(option.rect).adjusted(0, 1, 0, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if chosen or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._palette.accent_soft if chosen else self._palette.hover))
            painter.drawRoundedRect(place, RADIUS, RADIUS)
        inner = place.adjusted(_INSET, 5, -_INSET, -5)
        for role, colour, line in (
            (Qt.ItemDataRole.DisplayRole, self._palette.text, Qt.AlignmentFlag.AlignTop),
            (STATUS, self._palette.muted, Qt.AlignmentFlag.AlignBottom),
        ):
            text = option.fontMetrics.elidedText(
                str(index.data(role)), Qt.TextElideMode.ElideMiddle, round(inner.width())
            )
            painter.setPen(QColor(colour))
            painter.drawText(inner, int(line | Qt.AlignmentFlag.AlignLeft), text)
        painter.restore()
