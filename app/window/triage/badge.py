"""The badge that says what blurred a photo: on the triage page, in the strip of open photos and in a batch."""

from __future__ import annotations

from math import cos, radians, sin

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from app.triage.words import short_measure
from app.window.theme.tokens import DARK, ON_PHOTO
from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind

BADGE = Qt.ItemDataRole.UserRole + 20
"""The role under which a view's model tells the diagnosis of a photo, None while nobody knows it."""
HEIGHT = 20.0
"""px of a badge in a list; larger pictures may have a larger one."""
_COLOURS = {Advice.KEEP: DARK.accent, Advice.CAN_BE_SAVED: DARK.warning, Advice.CANNOT_BE_SAVED: DARK.danger}
_OPAQUE = 215
_PARTS = 0.62  # of the height: the sign's width
_GAP = 5.0


def badge_width(told: Diagnosis, font: QFont, height: float = HEIGHT) -> float:
    """Return how wide the badge of a photo is."""
    text = short_measure(told)
    words = _GAP + QFontMetricsF(font).horizontalAdvance(text) if text else 0.0
    return height * _PARTS + 2 * _margin(height) + words


def paint_badge(painter: QPainter, corner: QPointF, told: Diagnosis, font: QFont, height: float = HEIGHT) -> None:
    """Paint a photo's badge: a sign for the kind in the colour of the advice, and how far it is blurred.

    The arrow has two heads: the photo does not tell which way along it the camera moved.
    """
    place = QRectF(corner.x(), corner.y(), badge_width(told, font, height), height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ground = QColor(ON_PHOTO.pill)
    ground.setAlpha(_OPAQUE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(place, height / 2, height / 2)
    half = height * _PARTS / 2
    centre = QPointF(place.left() + _margin(height) + half, place.center().y())
    colour = ON_PHOTO.pill_text if told.kind is Kind.CANNOT_TELL else _COLOURS[told.advice]
    pen = QPen(QColor(colour), max(1.6, height / 12))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _paint_sign(painter, centre, half, told)
    painter.setPen(QColor(ON_PHOTO.pill_text))
    painter.setFont(font)
    words = QRectF(centre.x() + half + _GAP, place.top(), place.width(), height)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, short_measure(told))
    painter.restore()


def _margin(height: float) -> float:
    return height * 0.32


def _paint_sign(painter: QPainter, centre: QPointF, half: float, told: Diagnosis) -> None:
    """Paint a sign of `half` px around the centre: each kind has its own shape, since colours are not seen by all."""
    if told.kind is Kind.SHARP:
        painter.drawPath(_star(centre, half))
    elif told.kind is Kind.CANNOT_TELL:
        painter.drawPath(_question(centre, half))
        painter.drawPoint(centre + QPointF(0, 0.85 * half))
    elif told.kind is Kind.OUT_OF_FOCUS:
        _paint_rings(painter, centre, half)
    elif told.kind is Kind.SUBJECT_MOVED:
        painter.drawRoundedRect(QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half), 2, 2)
        painter.drawPath(_motion(centre, 0.62 * half, told.direction))
    else:
        if told.kind is Kind.MIXED:
            painter.drawEllipse(centre, 0.5 * half, 0.5 * half)
        painter.drawPath(_motion(centre, half, told.direction))


def _paint_rings(painter: QPainter, centre: QPointF, half: float) -> None:
    painter.drawEllipse(centre, half, half)
    painter.drawEllipse(centre, 0.4 * half, 0.4 * half)


def _motion(centre: QPointF, half: float, direction: float | None) -> QPainterPath:
    """Return a double arrow along the motion, or a wave if it has no one direction."""
    if direction is None:
        path = QPainterPath(centre + QPointF(-half, 0))
        path.cubicTo(
            centre + QPointF(-0.3 * half, -1.7 * half), centre + QPointF(0.3 * half, 1.7 * half),
            centre + QPointF(half, 0),
        )  # fmt: skip
        return path
    along = QPointF(cos(radians(direction)), -sin(radians(direction)))
    across = QPointF(-along.y(), along.x())
    path = QPainterPath(centre - along * half)
    path.lineTo(centre + along * half)
    for way in (1, -1):
        tip = centre + along * (way * half)
        path.moveTo(tip - along * (way * 0.55 * half) + across * (0.42 * half))
        path.lineTo(tip)
        path.lineTo(tip - along * (way * 0.55 * half) - across * (0.42 * half))
    return path


def _star(centre: QPointF, half: float) -> QPainterPath:
    """Return a star with four points; a tick would say that the photo is saved."""
    points = [QPointF(0, -half), QPointF(half, 0), QPointF(0, half), QPointF(-half, 0)]
    path = QPainterPath(centre + points[-1])
    for point in points:
        path.quadTo(centre, centre + point)
    return path


def _question(centre: QPointF, half: float) -> QPainterPath:
    path = QPainterPath(centre + QPointF(-0.5 * half, -0.45 * half))
    path.cubicTo(
        centre + QPointF(-0.4 * half, -1.2 * half), centre + QPointF(0.6 * half, -1.1 * half),
        centre + QPointF(0.5 * half, -0.4 * half),
    )  # fmt: skip
    path.quadTo(centre + QPointF(0.4 * half, -0.05 * half), centre + QPointF(0, 0.35 * half))
    return path
