"""Paints a photo of the grid: its small picture, its badge, and what the user decided."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.language import tr
from app.triage.marks import Mark
from app.triage.words import MARKS, advice, line
from app.window.theme.dressed import palette_in_force
from app.window.theme.tokens import ON_PHOTO, Palette
from app.window.triage.badge import badge_width, paint_badge
from app.window.triage.grid_model import Shown
from app.window.triage.painted import Painted
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
        self._painted = Painted()

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:  # noqa: N802
        """Return the size of every cell."""
        del option, index
        return QSize(self.width, CELL.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        """Paint one photo, as it was painted last if it looks the same."""
        shown, picture = index.data(Qt.ItemDataRole.UserRole), index.data(Qt.ItemDataRole.DecorationRole)
        if not isinstance(shown, Shown):
            return
        picture = picture if isinstance(picture, QImage) and not picture.isNull() else None
        palette, state = palette_in_force(), _States.of(option)
        look = (shown, picture and picture.cacheKey(), state, palette, option.font.key())
        ratio = painter.device().devicePixelRatio()

        def anew(into: QPainter) -> None:
            self._paint(into, option, shown, picture, state, palette)

        size, ground = option.rect.size(), palette.surface
        kept = self._painted.of(shown.path, look, size, ratio, ground, anew)
        painter.drawPixmap(option.rect.topLeft(), kept)

    def _paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        shown: Shown,
        picture: QImage | None,
        state: _States,
        palette: Palette,
    ) -> None:
        """Paint one photo at the painter's origin."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(option.font)
        room = QRectF(0, 0, option.rect.width(), option.rect.height()).adjusted(4, 4, -4, -4)
        _paint_ground(painter, state, room, palette)
        place = QRectF(room.left() + 4, room.top() + 4, room.width() - 8, PICTURE.height())
        _paint_picture(painter, picture, place, palette)
        told = shown.found.diagnosis if shown.found is not None else None
        if told is not None:
            width = badge_width(told, option.font, _BADGE)
            corner = QPointF(place.right() - width - 6, place.bottom() - _BADGE - 6)
            paint_badge(painter, corner, told, option.font, _BADGE)
        if shown.mark is not Mark.NONE:
            _paint_pill(painter, place.topLeft() + QPointF(6, 6), f"✓ {tr(MARKS[shown.mark])}", option)
        _paint_words(painter, option, shown, told, room, palette)


@dataclass(frozen=True)
class _States:
    """How the user deals with a cell."""

    selected: bool
    hovered: bool
    focused: bool

    @classmethod
    def of(cls, option: QStyleOptionViewItem) -> _States:
        flags = (QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_MouseOver, QStyle.StateFlag.State_HasFocus)
        return cls(*(bool(option.state & flag) for flag in flags))


def _paint_ground(painter: QPainter, state: _States, room: QRectF, palette: Palette) -> None:
    ground = palette.accent_soft if state.selected else palette.hover if state.hovered else palette.surface
    painter.setBrush(QColor(ground))
    line = palette.accent if state.selected or state.focused else palette.border
    painter.setPen(QPen(QColor(line), 2 if state.focused else 1))
    painter.drawRoundedRect(room, _RADIUS, _RADIUS)


def _paint_picture(painter: QPainter, picture: QImage | None, place: QRectF, palette: Palette) -> None:
    painter.fillRect(place, QColor(palette.canvas))
    if picture is None:
        return
    scale = min(place.width() / picture.width(), place.height() / picture.height())
    width, height = picture.width() * scale, picture.height() * scale
    centre = place.center()
    painter.drawImage(QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height), picture)


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
        lines += [(line(told), palette.muted), (advice(told), tones.get(told.advice, palette.danger))]
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
