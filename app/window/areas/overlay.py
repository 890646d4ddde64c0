"""Draws the areas over the photo: numbered boxes, each with its kernel at the corner. In logical px of the widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from app.window.theme.tokens import ON_PHOTO
from app.window.viewer.overlays import ToWidget, paint_handles, place
from engine.faces.face import Box

_RADIUS = 4
_KERNEL_SIDE, _LEAST_KERNEL_SIDE = 64, 20
_KERNEL_SHARE = 0.4
_INSET = 4


@dataclass(frozen=True)
class ShownArea:
    """An area as it is painted. kernel: its picture. said: a word in place of a kernel: it is looked for.

    focused: it has the handles, if held: the pointer can move areas.
    """

    box: Box
    number: int
    on: bool = True
    kernel: QImage | None = None
    said: str = ""
    focused: bool = False
    held: bool = False


def paint_areas(painter: QPainter, areas: Sequence[ShownArea], to_widget: ToWidget, font: QFont) -> None:
    """Paint all areas, the focused one last."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for area in sorted(areas, key=lambda area: area.focused):
        rect = place(area.box, to_widget)
        _paint_frame(painter, area, rect)
        _paint_number(painter, area, rect, font)
        if area.on and area.kernel is not None:
            _paint_kernel(painter, area.kernel, rect)
        if area.focused and area.held:
            paint_handles(painter, rect)


def _paint_frame(painter: QPainter, area: ShownArea, rect: QRectF) -> None:
    painter.setBrush(QColor(255, 255, 255, 22) if area.focused and area.held else Qt.BrushStyle.NoBrush)
    shade = QColor(ON_PHOTO.outline)
    shade.setAlpha(120)
    painter.setPen(QPen(shade, 4 if area.focused else 3.5))
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    colour = QColor(ON_PHOTO.area if area.on else ON_PHOTO.passed)
    style = Qt.PenStyle.SolidLine if area.on else Qt.PenStyle.DashLine
    painter.setPen(QPen(colour, 2.5 if area.focused else 1.5, style))
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)


def _paint_number(painter: QPainter, area: ShownArea, rect: QRectF, font: QFont) -> None:
    """Paint the number inside the upper left corner, and what is said beside it where there is room."""
    bold = QFont(font)
    bold.setBold(True)
    metrics, plain = QFontMetricsF(bold), QFontMetricsF(font)
    text = str(area.number)
    height = metrics.height() + 4
    badge = QRectF(0, 0, max(height, metrics.horizontalAdvance(text) + 12), height)
    badge.moveTopLeft(rect.topLeft() + QRectF(_INSET, _INSET, 0, 0).topLeft())
    painter.setPen(Qt.PenStyle.NoPen)
    pill = QRectF(badge)
    pill.setWidth(badge.width() + plain.horizontalAdvance(area.said) + 16)
    if area.said and pill.width() + 2 * _INSET <= max(rect.width(), 120):
        dark = QColor(ON_PHOTO.pill)
        dark.setAlpha(215)
        painter.setBrush(dark)
        painter.drawRoundedRect(pill, _RADIUS, _RADIUS)
        painter.setFont(font)
        painter.setPen(QColor(ON_PHOTO.pill_text))
        painter.drawText(pill.adjusted(badge.width() + 8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, area.said)
        painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ON_PHOTO.area if area.on else ON_PHOTO.passed))
    painter.drawRoundedRect(badge, _RADIUS, _RADIUS)
    painter.setFont(bold)
    painter.setPen(QColor(ON_PHOTO.outline))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)


def _paint_kernel(painter: QPainter, kernel: QImage, rect: QRectF) -> None:
    """Paint the kernel inside the lower right corner, which stays in sight as long as the area does."""
    side = min(_KERNEL_SIDE, min(rect.width(), rect.height()) * _KERNEL_SHARE)
    if side < _LEAST_KERNEL_SIDE:
        return
    frame = QRectF(rect.right() - side - _INSET, rect.bottom() - side - _INSET, side, side)
    painter.setPen(QPen(QColor(ON_PHOTO.area), 1))
    painter.setBrush(QColor("#000000"))
    painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
    scale = (side - 4) / max(kernel.width(), kernel.height())
    target = QRectF(0, 0, kernel.width() * scale, kernel.height() * scale)
    target.moveCenter(frame.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
    painter.drawImage(target, kernel, QRectF(kernel.rect()))
