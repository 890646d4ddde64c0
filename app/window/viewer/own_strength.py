"""Paints faces with their own strength over the blend of the photo, with the same mask as saving."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from app.window.viewer.viewport import Viewport
from engine.faces.face import Box

_MASK_SIDE = 256


@dataclass(frozen=True, eq=False)
class Layer:
    """A face to paint. `buffer` covers `place` of the view; `put` paints it under the face's mask."""

    buffer: QImage
    place: QRectF
    area: QRectF

    def painter(self) -> QPainter:
        """Return a painter in the view's coordinates that paints into the buffer."""
        painter = QPainter(self.buffer)
        painter.translate(-self.place.topLeft())
        return painter

    def put(self, painter: QPainter) -> None:
        """Paint the buffer over the view, with a soft border around the face."""
        inner = self.painter()
        inner.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        mask = _mask()
        inner.drawImage(self.area, mask, QRectF(mask.rect()))
        inner.end()
        painter.drawImage(self.place.topLeft(), self.buffer)


def layer(box: Box, viewport: Viewport, view: QRectF) -> Layer | None:
    """Return the layer for a face's box, None if it is outside the view."""
    from engine.restoration.strength import area

    left, top, right, bottom = area(box)
    (x0, y0), (x1, y1) = viewport.to_view(left, top), viewport.to_view(right, bottom)
    whole = QRectF(QRectF(x0, y0, x1 - x0, y1 - y0).toRect())  # integer px, so that the mask covers every pixel
    place = whole.intersected(view).toAlignedRect()
    if place.isEmpty():
        return None
    buffer = QImage(place.size(), QImage.Format.Format_ARGB32_Premultiplied)
    buffer.fill(0)
    return Layer(buffer, QRectF(place), whole)


@cache
def _mask() -> QImage:
    from engine.restoration.strength import area_mask

    alpha = np.rint(area_mask(_MASK_SIDE, _MASK_SIDE) * 255).astype(np.uint8)
    return QImage(alpha.data, _MASK_SIDE, _MASK_SIDE, _MASK_SIDE, QImage.Format.Format_Alpha8).copy()
