"""Draws the faces over the photo: numbered boxes with score and sharpness. All in logical px of the widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from app.language import marked, tr
from app.marks import FaceMark
from app.window.theme.tokens import ON_PHOTO
from engine.faces.face import Box, Point

ToWidget = Callable[[float, float], QPointF]
"""Maps a point of the photo to a point of the widget."""

LocalKernel = tuple[Point, float, QImage]
"""Centre of a kernel in the photo, width of its cell in px, and its picture."""

_SHARPNESS = ((0.7, marked("sharp")), (0.4, marked("a little blurred")), (-1.0, marked("blurred")))
_SURE = 0.9
_FIELD_SHARE = 0.7
_WIDE_ENOUGH_FOR_FIGURES = 150
_RADIUS = 4
_GRIP = 8.0
_KERNEL_SIDE = 56
_SMALLEST_KERNEL_SIDE = 20


def place(box: Box, to_widget: ToWidget) -> QRectF:
    """Return the box in the widget."""
    return QRectF(to_widget(box[0], box[1]), to_widget(box[2], box[3]))


def mark_at(point: QPointF, marks: Sequence[FaceMark], to_widget: ToWidget) -> int | None:
    """Return the smallest face under a point, so that a small face before a large one can be chosen."""
    hits = [(place(mark.box, to_widget), index) for index, mark in enumerate(marks)]
    hits = [(rect, index) for rect, index in hits if rect.contains(point)]
    return min(hits, key=lambda hit: hit[0].width() * hit[0].height())[1] if hits else None


def handles(rect: QRectF) -> dict[tuple[int, int], QRectF]:
    """Return the handles of a box by (column, line), each -1, 0 or 1 from left and top."""
    grips = {}
    for column, x in ((-1, rect.left()), (0, rect.center().x()), (1, rect.right())):
        for line, y in ((-1, rect.top()), (0, rect.center().y()), (1, rect.bottom())):
            if (column, line) != (0, 0):
                grips[column, line] = QRectF(x - _GRIP / 2, y - _GRIP / 2, _GRIP, _GRIP)
    return grips


def paint_marks(
    painter: QPainter,
    marks: Sequence[FaceMark],
    to_widget: ToWidget,
    font: QFont,
    hovered: int | None,
    kernels: Mapping[Box, QImage],
) -> None:
    """Paint all boxes.

    Chosen faces show their kernel; the face under the pointer comes last, with figures and handles.
    """
    order = [index for index in range(len(marks)) if index != hovered]
    for index in [*order, hovered] if hovered is not None and hovered < len(marks) else order:
        mark, rect = marks[index], place(marks[index].box, to_widget)
        _paint_mark(painter, index, mark, rect, font, index == hovered)
        if mark.chosen and mark.box in kernels:
            _paint_kernel(painter, kernels[mark.box], rect)
        if index == hovered:
            paint_handles(painter, rect)


def paint_field(painter: QPainter, field: Sequence[LocalKernel], to_widget: ToWidget) -> None:
    """Paint each kernel of a field at its place. All have the same scale, as large as their cells allow."""
    largest = max((max(kernel.width(), kernel.height()) for _, _, kernel in field), default=1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for (x, y), cell, kernel in field:
        width = (to_widget(x + cell, y) - to_widget(x, y)).x()
        side = min(_KERNEL_SIDE, width * _FIELD_SHARE)
        if side < _SMALLEST_KERNEL_SIDE:
            return
        frame = QRectF(0, 0, side, side)
        frame.moveCenter(to_widget(x, y))
        pill = QColor(ON_PHOTO.pill)
        pill.setAlpha(200)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(pill)
        painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
        scale = (side - 4) / largest
        target = QRectF(0, 0, kernel.width() * scale, kernel.height() * scale)
        target.moveCenter(frame.center())
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Screen)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
        painter.drawImage(target, kernel, QRectF(kernel.rect()))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)


def paint_draft(painter: QPainter, rect: QRectF) -> None:
    """Paint a box that is being drawn."""
    painter.setBrush(QColor(255, 255, 255, 30))
    painter.setPen(QPen(QColor(ON_PHOTO.chosen), 1.5, Qt.PenStyle.DashLine))
    painter.drawRect(rect)


def cursor_of(column: int, line: int) -> Qt.CursorShape:
    """Return the cursor over a handle."""
    if column == 0 or line == 0:
        return Qt.CursorShape.SizeVerCursor if column == 0 else Qt.CursorShape.SizeHorCursor
    return Qt.CursorShape.SizeFDiagCursor if column == line else Qt.CursorShape.SizeBDiagCursor


def paint_handles(painter: QPainter, rect: QRectF) -> None:
    """Paint the handles of a box."""
    painter.setPen(QPen(QColor(ON_PHOTO.outline), 1))
    painter.setBrush(QColor("#ffffff"))
    for grip in handles(rect).values():
        painter.drawRect(grip)


def _paint_kernel(painter: QPainter, kernel: QImage, rect: QRectF) -> None:
    """Paint a face's kernel below the lower right corner of its box, so that the face stays visible."""
    side = min(_KERNEL_SIDE, min(rect.width(), rect.height()) / 2)
    if side < _SMALLEST_KERNEL_SIDE:
        return
    frame = QRectF(rect.right() - side, rect.bottom() + 6, side, side)
    painter.setPen(QPen(QColor(ON_PHOTO.chosen), 1))
    painter.setBrush(QColor("#000000"))
    painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
    scale = (side - 4) / max(kernel.width(), kernel.height())
    size = kernel.size().toSizeF() * scale
    target = QRectF(0, 0, size.width(), size.height())
    target.moveCenter(frame.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
    painter.drawImage(target, kernel, QRectF(kernel.rect()))


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
    """Describe how sharp the face is, or that the user drew the box."""
    if mark.face is None:
        return tr("drawn by you")
    word = next(word for least, word in _SHARPNESS if mark.face.sharpness >= least)
    return tr(word) if mark.face.score >= _SURE else f"{tr(word)}, {tr('perhaps no face')}"


def _paint_label(painter: QPainter, number: str, figures: str, rect: QRectF, font: QFont, colour: QColor) -> None:
    bold = QFont(font)
    bold.setBold(True)
    metrics, plain = QFontMetricsF(bold), QFontMetricsF(font)
    height = metrics.height() + 4
    badge = QRectF(
        rect.left() - 1, rect.top() - height - 4, max(height, metrics.horizontalAdvance(number) + 12), height
    )
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
