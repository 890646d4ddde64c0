"""Paints the first column of a batch: the small picture, the name, and the badge that says what blurred the photo."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.window.triage.badge import BADGE, HEIGHT, badge_width, paint_badge
from engine.diagnosis.diagnosis import Diagnosis

_MARGIN = 8


class PhotoCell(QStyledItemDelegate):
    """Leaves the right end of a cell to the badge, so that it hides no name."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one photo."""
        told = index.data(BADGE)
        if not isinstance(told, Diagnosis):
            super().paint(painter, option, index)
            return
        style = option.widget.style() if option.widget is not None else QApplication.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        width = badge_width(told, option.font)
        whole = option.rect
        narrow = QStyleOptionViewItem(option)
        narrow.rect = whole.adjusted(0, 0, -round(width) - 2 * _MARGIN, 0)
        super().paint(painter, narrow, index)
        top = whole.center().y() - HEIGHT / 2 + 0.5
        paint_badge(painter, QPointF(whole.right() - width - _MARGIN, top), told, option.font)
