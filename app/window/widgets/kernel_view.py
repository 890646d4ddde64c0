"""Shows a kernel as a picture: crisp pixels on black, with a scale in px of the photo."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.language import tr
from engine.kernels.kernel import Kernel

_SIDE = 120
_LEAST = 9  # px: a smaller kernel gets a black border, since a pixel as large as the square would mean nothing
_ROUND_LENGTHS = (1, 2, 5, 10, 20, 50, 100)


def kernel_image(kernel: Kernel, least: int = _LEAST) -> QImage:
    """Return the kernel in 8-bit grey, its peak white; weak parts are raised by the screen's gamma.

    least: smallest side in px; a smaller kernel gets a black border.
    """
    values = (kernel.values / kernel.values.max()) ** (1 / 2.2)
    values = np.pad(values, [(max(least - side, 0) // 2,) * 2 for side in values.shape])
    grey = np.ascontiguousarray(np.rint(values * 255).astype(np.uint8))
    height, width = grey.shape
    return QImage(grey.data, width, height, width, QImage.Format.Format_Grayscale8).copy()


class KernelView(QWidget):
    """A square; empty until `show_kernel`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(_SIDE, _SIDE)
        self._image: QImage | None = None
        self.setAccessibleName(tr("Blur kernel"))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a fixed square."""
        return QSize(_SIDE, _SIDE)

    def show_kernel(self, kernel: Kernel | None) -> None:
        """Draw another kernel."""
        self._image = kernel_image(kernel) if kernel else None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the kernel enlarged by an integer factor, and a scale bar of a round length below it."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setClipPath(outline)
        painter.fillRect(self.rect(), QColor("#000000"))
        if self._image is None:
            return
        inner = _SIDE - 12
        side = max(self._image.width(), self._image.height())
        scale = max(1, inner // side) if side <= inner else inner / side
        width, height = self._image.width() * scale, self._image.height() * scale
        target = QRectF(round((_SIDE - width) / 2), round((_SIDE - height) / 2), width, height)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
        painter.drawImage(target, self._image, QRectF(self._image.rect()))
        self._paint_scale(painter, scale)

    def _paint_scale(self, painter: QPainter, scale: float) -> None:
        length = max((px for px in _ROUND_LENGTHS if px * scale <= _SIDE * 0.45), default=1)
        font = QFont(self.font())
        font.setPixelSize(10)
        painter.setFont(font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        left, bottom = 8.0, _SIDE - 8.0
        words = QFontMetricsF(font).horizontalAdvance(f"{length} px")
        painter.fillRect(QRectF(left - 4, bottom - 10, length * scale + words + 13, 15), QColor(0, 0, 0, 170))
        painter.setPen(QPen(QColor("#d8d8d8"), 1, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        for start, end in (
            (QPointF(left, bottom), QPointF(left + length * scale, bottom)),
            (QPointF(left, bottom - 3), QPointF(left, bottom)),
            (QPointF(left + length * scale, bottom - 3), QPointF(left + length * scale, bottom)),
        ):
            painter.drawLine(start, end)
        painter.drawText(QPointF(left + length * scale + 5, bottom + 1), f"{length} px")
