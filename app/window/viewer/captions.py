"""Captions in the corners of the view: which part is before, which is after."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.language import marked, tr
from app.window.theme.tokens import ON_PHOTO
from app.window.viewer.comparison import Comparison, Mode

_RADIUS = 4
_INSET = 12.0
_HANDLE = 56.0  # px that the divider's handle and a margin take
_CAPTIONS = {
    Mode.WIPE: (marked("Before"), marked("After")),
    Mode.SIDE_BY_SIDE: (marked("Before"), marked("After")),
    Mode.DIFFERENCE: (marked("Difference × {amplified}"), ""),
    Mode.ORIGINAL: (marked("Before"), ""),
    Mode.RESULT: ("", marked("After")),
}


def paint_captions(painter: QPainter, shown: Comparison, view: QSizeF, font: QFont) -> None:
    """Write the names of both parts, in logical px: the first at the top left, the second in the opposite corner."""
    first, second = _CAPTIONS[shown.shown]
    first = tr(first).format(amplified=2**shown.doublings)
    second = tr(second)
    if shown.against is not None and shown.shown is not Mode.DIFFERENCE:
        first, second = first and shown.other, second and shown.named
    if second and shown.pending:
        second = tr("After: not yet")
    if second and shown.rival:
        second = shown.rival
    if second and shown.result_map is not None:
        second = tr(shown.result_map.legend)
    if first:
        _paint_caption(painter, first, QPointF(_INSET, _INSET), font)
    if second and (shown.upright or shown.shown is not Mode.WIPE):
        _paint_caption(painter, second, QPointF(view.width() - _INSET, _INSET), font, right=True)
    elif second:
        height = QFontMetricsF(font).height() + 6
        _paint_caption(painter, second, QPointF(_INSET, view.height() - _INSET - height), font)


def paint_not_yet(painter: QPainter, shown: Comparison, view: QSizeF, font: QFont) -> None:
    """Say in the middle of After that there is nothing to see yet; the first tile ends that."""
    if not shown.pending or shown.restored is None or shown.restored.touched:
        return
    left, top = 0.0, 0.0
    if shown.shown is Mode.SIDE_BY_SIDE:
        left = view.width() / 2
    elif shown.shown is Mode.WIPE and shown.upright:
        left = view.width() * shown.divider
    elif shown.shown is Mode.WIPE:
        top = view.height() * shown.divider
    elif shown.shown is not Mode.RESULT:
        return
    text = tr("Not yet: the photo is being restored")
    room = QRectF(left, top, view.width() - left, view.height() - top)
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(text) + 16
    beside = _HANDLE if shown.shown is Mode.WIPE and shown.upright else 0.0
    if room.width() >= width + beside and room.height() >= 3 * metrics.height():
        _paint_caption(painter, text, room.center() - QPointF(width / 2, metrics.height() / 2), font)


def _paint_caption(painter: QPainter, text: str, corner: QPointF, font: QFont, right: bool = False) -> None:
    """Paint a word ("Before") on a dark pill; `corner` is its top left, or its top right if `right`."""
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
