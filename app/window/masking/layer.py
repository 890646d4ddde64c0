"""What is painted under a mask: the result over the original, and the tint that shows where the mask is."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from app.window.masking.alpha import AlphaPyramid, alpha_image
from app.window.theme.tokens import ON_PHOTO
from app.window.viewer.viewport import Viewport

_TINT_OPACITY = 0.5
_NEAREST_FROM = 2.0


def paint_masked(
    painter: QPainter, mask: AlphaPyramid, viewport: Viewport, view: QRectF, paint: Callable[[QPainter], object]
) -> None:
    """Put what `paint` paints, in coordinates of the view, over the view under a mask."""
    place = exposed(painter, view)
    if place.isEmpty():
        return
    layer = QImage(place.size().toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    layer.fill(0)
    inner = QPainter(layer)
    inner.translate(-place.topLeft())
    inner.setClipRect(place)
    paint(inner)
    inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    inner.drawImage(place.topLeft(), _alpha(mask, viewport, place))
    inner.end()
    painter.drawImage(place.topLeft(), layer)


def paint_tint(painter: QPainter, mask: AlphaPyramid, viewport: Viewport, view: QRectF) -> None:
    """Tint the view where the mask is full, and less where it is weak."""
    painter.save()
    painter.setOpacity(_TINT_OPACITY)
    paint_masked(painter, mask, viewport, view, lambda inner: inner.fillRect(view, QColor(ON_PHOTO.tint)))
    painter.restore()


def exposed(painter: QPainter, view: QRectF) -> QRectF:
    """Return what of the view is painted now, in whole px: after a stroke of the brush only a little of it."""
    clip = painter.clipBoundingRect() if painter.hasClipping() else view
    return QRectF(clip.intersected(view).toAlignedRect())


def _alpha(mask: AlphaPyramid, viewport: Viewport, place: QRectF) -> QImage:
    """Return the alpha of a part of the view, one value for each px of it."""
    import cv2

    values, factor = mask.level_for(viewport.scale)
    step = factor * viewport.scale
    left, top = viewport.origin()
    rows = _span(place.top() - top, place.bottom() - top, step, values.shape[0])
    columns = _span(place.left() - left, place.right() - left, step, values.shape[1])
    # The middle of a px of the view lies at (x + 0.5) / step - 0.5 of the level.
    to_level = np.array(
        [
            [1 / step, 0, (place.left() - left + 0.5) / step - 0.5 - columns.start],
            [0, 1 / step, (place.top() - top + 0.5) / step - 0.5 - rows.start],
        ]
    )
    how = cv2.INTER_NEAREST if step == 1 or viewport.scale >= _NEAREST_FROM else cv2.INTER_LINEAR
    size = round(place.width()), round(place.height())
    part = np.ascontiguousarray(values[rows, columns])
    warped = cv2.warpAffine(part, to_level, size, flags=how | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
    return alpha_image(np.asarray(warped, np.uint8))


def _span(start: float, stop: float, step: float, length: int) -> slice:
    """Return which px of a level lie under a span of the view, with one more on either side; at least one."""
    first = min(max(math.floor(start / step) - 1, 0), length - 1)
    return slice(first, min(max(math.ceil(stop / step) + 2, first + 1), length))
