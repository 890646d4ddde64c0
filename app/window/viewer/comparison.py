"""Paints original and result together: wipe, side by side, difference, or one alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app.window.masking.alpha import AlphaPyramid
from app.window.masking.layer import paint_masked, paint_tint
from app.window.theme.tokens import ON_PHOTO
from app.window.viewer.own_strength import layer
from app.window.viewer.pyramid import Pyramid
from app.window.viewer.result_maps import ResultMap
from app.window.viewer.viewport import Viewport
from engine.faces.face import Box

MOST_DOUBLINGS = 6
"""The difference is amplified 64 times at most."""

MAP_OPACITY = 0.8
"""Opacity of the map over After; the photo stays visible through it."""

GAP = 2
"""Between the two halves of side by side, in view px."""

_NEAREST_FROM = 2.0
_WITHIN = Qt.ClipOperation.IntersectClip
_GRID_FROM = 16.0


class Mode(Enum):
    """How original and result share the view."""

    WIPE = "wipe"
    SIDE_BY_SIDE = "side-by-side"
    DIFFERENCE = "difference"
    ORIGINAL = "original"
    RESULT = "result"


@dataclass(frozen=True, eq=False)
class Comparison:
    """What to paint. divider: its position in the view, 0 to 1. upright: the divider is vertical.

    strength: how much of the result covers the original. result_map: painted over the result. faces: boxes with
    their own strength.
    doublings: the difference is amplified by two to this power. rival: name of the file that replaces the result.
    pending: the result is still being made. mask: strength for every pixel, below all others. tinted: show the mask.
    against: another result in the place of the original, by the name `other`; the result is called `named` then.
    """

    original: Pyramid
    restored: Pyramid | None = None
    result_map: ResultMap | None = None
    strength: float = 1.0
    faces: tuple[tuple[Box, float], ...] = ()
    mode: Mode = Mode.WIPE
    upright: bool = True
    divider: float = 0.5
    doublings: int = 3
    rival: str = ""
    pending: bool = False
    mask: AlphaPyramid | None = None
    tinted: bool = False
    against: Comparison | None = None
    other: str = ""
    named: str = ""

    @property
    def mask_in_force(self) -> AlphaPyramid | None:
        """The mask, unless it is that of the photo before."""
        return self.mask if self.mask is not None and self.mask.size == self.original.size else None

    @property
    def shown(self) -> Mode:
        """The mode in force: without a result, the original alone."""
        return self.mode if self.restored is not None else Mode.ORIGINAL


def paint(painter: QPainter, comparison: Comparison, viewport: Viewport, view: QRectF) -> None:
    """Paint into `view` (view px); for side by side, the viewport is that of one half."""
    mode = comparison.shown
    if mode is Mode.SIDE_BY_SIDE:
        left, right = halves(view)
        _paint_in(painter, left, comparison, viewport, result=False)
        _paint_in(painter, right, comparison, viewport, result=True)
    elif mode is Mode.DIFFERENCE:
        _paint_difference(painter, comparison, viewport, view)
    else:
        parts = _wiped(comparison, view) if mode is Mode.WIPE else {mode is Mode.RESULT: view}
        for result, part in parts.items():
            painter.save()
            painter.setClipRect(part, _WITHIN)
            _paint_picture(painter, comparison, viewport, part, result)
            painter.restore()
        _paint_tint(painter, comparison, viewport, view)
    if viewport.scale >= _GRID_FROM and mode is not Mode.SIDE_BY_SIDE:
        _paint_grid(painter, viewport, view)


def halves(view: QRectF) -> tuple[QRectF, QRectF]:
    """Return the left and the right half of the view, both with the same integer width."""
    width = math.floor((view.width() - GAP) / 2)
    left = QRectF(view.left(), view.top(), width, view.height())
    return left, QRectF(view.right() - width, view.top(), width, view.height())


def _wiped(comparison: Comparison, view: QRectF) -> dict[bool, QRectF]:
    """Return the parts of the view that show the original (False) and the result (True)."""
    before, after = QRectF(view), QRectF(view)
    if comparison.upright:
        edge = view.left() + round(view.width() * comparison.divider)
        before.setRight(edge)
        after.setLeft(edge)
    else:
        edge = view.top() + round(view.height() * comparison.divider)
        before.setBottom(edge)
        after.setTop(edge)
    return {False: before, True: after}


def _paint_in(painter: QPainter, part: QRectF, comparison: Comparison, viewport: Viewport, result: bool) -> None:
    painter.save()
    painter.setClipRect(part, _WITHIN)
    painter.translate(part.topLeft())
    inside = QRectF(0, 0, part.width(), part.height())
    _paint_picture(painter, comparison, viewport, inside, result)
    _paint_tint(painter, comparison, viewport, inside)
    painter.restore()


def _paint_tint(painter: QPainter, comparison: Comparison, viewport: Viewport, view: QRectF) -> None:
    if comparison.tinted and comparison.mask_in_force is not None:
        paint_tint(painter, comparison.mask_in_force, viewport, view)


def _paint_picture(painter: QPainter, comparison: Comparison, viewport: Viewport, view: QRectF, result: bool) -> None:
    """Paint the original and, for the result, the restored picture over it with its strength.

    This equals the blend of `engine.restoration.strength`. It works on the screen's pixels only, so it is immediate.
    """
    if not result and comparison.against is not None and comparison.restored is not None:
        _paint_picture(painter, comparison.against, viewport, view, result=True)
        return
    if result and comparison.pending and comparison.restored is not None:
        painter.fillRect(_photo_in(viewport, view), QColor(ON_PHOTO.not_yet))  # this is not the blurred photo
        draw(painter, comparison.restored, viewport, view)
        return
    mask = comparison.mask_in_force if result else None
    if mask is None:
        _paint_strengths(painter, comparison, viewport, view, result)
    else:
        _paint_blend(painter, comparison, viewport, view, 0.0)
        paint_masked(
            painter, mask, viewport, view, lambda inner: _paint_strengths(inner, comparison, viewport, view, True)
        )
    if result and comparison.result_map is not None:
        painter.setOpacity(MAP_OPACITY)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Screen)
        draw(painter, comparison.result_map.colours, viewport, view)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setOpacity(1)


def _paint_strengths(
    painter: QPainter, comparison: Comparison, viewport: Viewport, view: QRectF, result: bool
) -> None:
    """Paint the blend of the whole, and over it the faces with a strength of their own."""
    _paint_blend(painter, comparison, viewport, view, comparison.strength if result else 0.0)
    for box, strength in comparison.faces if result else ():
        if face := layer(box, viewport, view):
            inner = face.painter()
            _paint_blend(inner, comparison, viewport, face.place, strength)
            inner.end()
            face.put(painter)


def _paint_blend(
    painter: QPainter, comparison: Comparison, viewport: Viewport, view: QRectF, strength: float
) -> None:
    if strength < 1 or comparison.restored is None:
        draw(painter, comparison.original, viewport, view)
    if strength > 0 and comparison.restored is not None:
        painter.setOpacity(strength)
        draw(painter, comparison.restored, viewport, view)
        painter.setOpacity(1)


def _paint_difference(painter: QPainter, comparison: Comparison, viewport: Viewport, view: QRectF) -> None:
    size = view.size().toSize()
    buffer = QImage(size, QImage.Format.Format_RGB32)
    buffer.fill(0)
    inner = QPainter(buffer)
    _paint_picture(inner, comparison, viewport, view, result=False)
    result = QImage(size, QImage.Format.Format_RGB32)
    result.fill(0)
    outer = QPainter(result)
    _paint_picture(outer, comparison, viewport, view, result=True)
    outer.end()
    inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    inner.drawImage(0, 0, result)
    inner.end()
    for _ in range(comparison.doublings):
        doubled = buffer.copy()
        inner = QPainter(buffer)
        inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
        inner.drawImage(0, 0, doubled)
        inner.end()
    painter.drawImage(view.topLeft(), buffer)


def draw(painter: QPainter, pyramid: Pyramid, viewport: Viewport, view: QRectF) -> None:
    """Paint the visible part of a picture from the level that fits the scale; single pixels stay square."""
    image, factor = pyramid.level_for(viewport.scale)
    step = factor * viewport.scale
    left, top = viewport.origin()
    first_x = max(0, math.floor((view.left() - left) / step))
    first_y = max(0, math.floor((view.top() - top) / step))
    last_x = min(image.width(), math.ceil((view.right() - left) / step))
    last_y = min(image.height(), math.ceil((view.bottom() - top) / step))
    if last_x <= first_x or last_y <= first_y:
        return
    source = QRectF(first_x, first_y, last_x - first_x, last_y - first_y)
    target = QRectF(left + first_x * step, top + first_y * step, source.width() * step, source.height() * step)
    smooth = step != 1 and viewport.scale < _NEAREST_FROM
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(target, image, source)


def _photo_in(viewport: Viewport, view: QRectF) -> QRectF:
    """Return the part of the view that the photo covers."""
    (left, top), scale = viewport.origin(), viewport.scale
    return QRectF(left, top, viewport.photo[0] * scale, viewport.photo[1] * scale).intersected(view)


def _paint_grid(painter: QPainter, viewport: Viewport, view: QRectF) -> None:
    """Paint thin lines between the photo's pixels, so that single pixels can be distinguished."""
    painter.setPen(QPen(QColor(128, 128, 128, 70), 1))
    (left, top), scale = viewport.origin(), viewport.scale
    photo = _photo_in(viewport, view)
    for x in range(math.ceil((photo.left() - left) / scale), math.floor((photo.right() - left) / scale) + 1):
        painter.drawLine(QPointF(left + x * scale, photo.top()), QPointF(left + x * scale, photo.bottom()))
    for y in range(math.ceil((photo.top() - top) / scale), math.floor((photo.bottom() - top) / scale) + 1):
        painter.drawLine(QPointF(photo.left(), top + y * scale), QPointF(photo.right(), top + y * scale))


def paint_divider(painter: QPainter, view: QRectF, comparison: Comparison) -> None:
    """Paint the wipe's line and its handle, in logical px."""
    upright, at = comparison.upright, comparison.divider
    middle = (
        QPointF(view.width() * at, view.height() / 2) if upright else QPointF(view.width() / 2, view.height() * at)
    )
    start = QPointF(middle.x(), 0) if upright else QPointF(0, middle.y())
    end = QPointF(middle.x(), view.height()) if upright else QPointF(view.width(), middle.y())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(0, 0, 0, 90), 3))
    painter.drawLine(start, end)
    painter.setPen(QPen(QColor("#ffffff"), 1.5))
    painter.drawLine(start, end)
    painter.setPen(QPen(QColor(0, 0, 0, 110), 1))
    painter.setBrush(QColor("#ffffff"))
    painter.drawEllipse(middle, 14, 14)
    painter.setPen(QPen(QColor(ON_PHOTO.pill), 1.75, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for side in (-1, 1):
        tip, back = 8.0 * side, 4.5 * side
        corners = [(back, -3.5), (tip, 0.0), (back, 3.5)]
        points = [QPointF(x, y) if upright else QPointF(y, x) for x, y in corners]
        painter.drawPolyline([middle + point for point in points])
