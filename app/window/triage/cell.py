"""Paints a photo of the grid: its small picture, its badge, and what the user decided."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.language import tr
from app.triage.marks import Mark
from app.triage.words import ADVICE, MARKS, line
from app.window.theme.dressed import palette_in_force
from app.window.theme.tokens import ON_PHOTO, Palette
from app.window.triage.badge import badge_width, paint_badge
from app.window.triage.grid_model import Shown
from engine.diagnosis.diagnosis import Advice, Diagnosis

CELL = QSize(208, 214)
"""The least size of a cell; the cells of a line share what is left of its width."""
PICTURE = QSize(192, 140)
_AnyIndex = QModelIndex | QPersistentModelIndex
_RADIUS, _BADGE = 6.0, 26.0


class Cell(QStyledItemDelegate):
    """Draws a photo and what is known of it. width: of every cell, in px."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.width = CELL.width()

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:  # noqa: N802
        """Return the size of every cell."""
        del option, index
        return QSize(self.width, CELL.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        """Paint one photo."""
        palette, shown = palette_in_force(), index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(shown, Shown):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        room = QRectF(option.rect).adjusted(4, 4, -4, -4)
        self._paint_ground(painter, option, room, palette)
        place = QRectF(room.left() + 4, room.top() + 4, room.width() - 8, PICTURE.height())
        self._paint_picture(painter, index.data(Qt.ItemDataRole.DecorationRole), place, palette)
        told = shown.found.diagnosis if shown.found is not None else None
        if told is not None:
            width = badge_width(told, option.font, _BADGE)
            corner = QPointF(place.right() - width - 6, place.bottom() - _BADGE - 6)
            paint_badge(painter, corner, told, option.font, _BADGE)
        if shown.mark is not Mark.NONE:
            _paint_pill(painter, place.topLeft() + QPointF(6, 6), f"✓ {tr(MARKS[shown.mark])}", option)
        self._paint_words(painter, option, shown, told, room, palette)
        painter.restore()

    @staticmethod
    def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, room: QRectF, palette: Palette) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setBrush(QColor(palette.accent_soft if selected else palette.hover if hovered else palette.surface))
        painter.setPen(QPen(QColor(palette.accent if selected or focused else palette.border), 2 if focused else 1))
        painter.drawRoundedRect(room, _RADIUS, _RADIUS)

    @staticmethod
    def _paint_picture(painter: QPainter, picture: object, place: QRectF, palette: Palette) -> None:
        painter.fillRect(place, QColor(palette.canvas))
        if not isinstance(picture, QImage) or picture.isNull():
            return
        scale = min(place.width() / picture.width(), place.height() / picture.height())
        width, height = picture.width() * scale, picture.height() * scale
        centre = place.center()
        painter.drawImage(QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height), picture)

    @staticmethod
    def _paint_words(
        painter: QPainter,
        option: QStyleOptionViewItem,
        shown: Shown,
        told: Diagnosis | None,
        room: QRectF,
        palette: Palette,
    ) -> None:
        """Paint name, kind and advice in three lines under the picture."""
        metrics = QFontMetricsF(option.font)
        lines = [(shown.path.name, palette.text)]
        if told is not None:
            tones = {Advice.KEEP: palette.accent, Advice.CAN_BE_SAVED: palette.warning}
            lines += [(line(told), palette.muted), (tr(ADVICE[told.advice]), tones.get(told.advice, palette.danger))]
        elif shown.found is not None:
            lines.append((tr("Cannot be read"), palette.danger))
        top = room.top() + PICTURE.height() + 9
        for number, (text, colour) in enumerate(lines):
            painter.setPen(QColor(colour))
            mode = Qt.TextElideMode.ElideMiddle if number == 0 else Qt.TextElideMode.ElideRight
            short = metrics.elidedText(text, mode, room.width() - 14)
            painter.drawText(QRectF(room.left() + 7, top + 17 * number, room.width() - 14, 17), short)


def _paint_pill(painter: QPainter, corner: QPointF, text: str, option: QStyleOptionViewItem) -> None:
    width = QFontMetricsF(option.font).horizontalAdvance(text) + 14
    place = QRectF(corner.x(), corner.y(), width, 20)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ON_PHOTO.pill))
    painter.drawRoundedRect(place, 10, 10)
    painter.setPen(QColor(ON_PHOTO.pill_text))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
