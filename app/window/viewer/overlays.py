"""The faces over the photo: numbered boxes with score and sharpness. All in logical px of the widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app.window.document import FaceMark
from app.window.theme.tokens import ON_PHOTO
from engine.faces.face import Box

ToWidget = Callable[[float, float], QPointF]
"""Point of the photo -> point of the widget."""

_WIDE_ENOUGH_FOR_FIGURES = 150
_RADIUS = 4


def place(box: Box, to_widget: ToWidget) -> QRectF:
    """Return the box in the widget."""
    return QRectF(to_widget(box[0], box[1]), to_widget(box[2], box[3]))


def mark_at(point: QPointF, marks: Sequence[FaceMark], to_widget: ToWidget) -> int | None:
    """Return the smallest face under a point, so that one in front of a larger one can be reached."""
    hits = [(place(mark.box, to_widget), index) for index, mark in enumerate(marks)]
    hits = [(rect, index) for rect, index in hits if rect.contains(point)]
    return min(hits, key=lambda hit: hit[0].width() * hit[0].height())[1] if hits else None


def paint_marks(
    painter: QPainter, marks: Sequence[FaceMark], to_widget: ToWidget, font: QFont, hovered: int | None
) -> None:
    """Paint all boxes, the one under the pointer last and with its figures."""
    order = [index for index in range(len(marks)) if index != hovered]
    for index in [*order, hovered] if hovered is not None and hovered < len(marks) else order:
        _paint_mark(painter, index, marks[index], place(marks[index].box, to_widget), font, index == hovered)


def _paint_mark(painter: QPainter, index: int, mark: FaceMark, rect: QRectF, font: QFont, hovered: bool) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor(ON_PHOTO.chosen if mark.chosen else ON_PHOTO.passed)
    painter.setBrush(QColor(255, 255, 255, 22) if hovered else Qt.BrushStyle.NoBrush)
    shade = QColor(ON_PHOTO.outline)
    shade.setAlpha(120)
    painter.setPen(QPen(shade, 4 if hovered else 3.5))
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    style = Qt.PenStyle.SolidLine if mark.chosen else Qt.PenStyle.DashLine
    painter.setPen(QPen(colour, 2 if hovered else 1.5, style))
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
    figures = figures_of(mark) if hovered or rect.width() >= _WIDE_ENOUGH_FOR_FIGURES else ""
    _paint_label(painter, str(index + 1), figures, rect, font, colour)


def figures_of(mark: FaceMark) -> str:
    """Return score and sharpness as text, or that the box is the user's."""
    if mark.face is None:
        return "drawn by you"
    return f"score {mark.face.score:.2f}  ·  sharpness {mark.face.sharpness:.2f}"


def _paint_label(painter: QPainter, number: str, figures: str, rect: QRectF, font: QFont, colour: QColor) -> None:
    bold = QFont(font)
    bold.setBold(True)
    metrics, plain = QFontMetricsF(bold), QFontMetricsF(font)
    height = metrics.height() + 4
    badge = QRectF(rect.left() - 1, rect.top() - height - 4, max(height, metrics.horizontalAdvance(number) + 12), height)
    if badge.top() < 2:
        badge.moveTop(rect.top() + 4)
        badge.moveLeft(rect.left() + 4)
    painter.setPen(Qt.PenStyle.NoPen)
    if figures:
        pill = QColor(ON_PHOTO.pill)
        pill.setAlpha(215)
        painter.setBrush(pill)
        whole = QRectF(badge)
        whole.setWidth(badge.width() + plain.horizontalAdvance(figures) + 16)
        painter.drawRoundedRect(whole, _RADIUS, _RADIUS)
        painter.setFont(font)
        painter.setPen(QColor(ON_PHOTO.pill_text))
        text = QRectF(whole)
        text.setLeft(badge.right() + 8)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, figures)
        painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(badge, _RADIUS, _RADIUS)
    painter.setFont(bold)
    painter.setPen(QColor(ON_PHOTO.outline))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, number)


def paint_caption(painter: QPainter, text: str, corner: QPointF, font: QFont, right: bool = False) -> None:
    """Paint a word ("Before") on a dark pill; `corner` is its top left, or top right."""
    metrics = QFontMetricsF(font)
    rect = QRectF(corner.x(), corner.y(), metrics.horizontalAdvance(text) + 16, metrics.height() + 6)
    if right:
        rect.moveRight(corner.x())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pill = QColor(ON_PHOTO.pill)
    pill.setAlpha(190)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(pill)
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
    painter.setFont(font)
    painter.setPen(QColor(ON_PHOTO.pill_text))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
