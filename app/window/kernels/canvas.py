"""The grid on which a kernel is drawn, by pointer or keys, over a light of the photo."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.language import tr
from app.window.kernels.sketch import Sketch
from app.window.kernels.streaks import Streak, around
from app.window.theme.tokens import ON_PHOTO
from app.window.viewer.keys import ARROWS
from app.window.widgets.kernel_view import kernel_image

USUAL_SIDE = 25
_CANVAS = 420
_GRID_FROM = 8
_MOST_STEPS = 200


class KernelCanvas(QWidget):
    """The left button draws, or erases if `erase` is set; the right button erases. Shift and drag moves the photo.

    moved: the photo under the grid was dragged, by cells to the right and down.
    """

    changed = Signal()
    moved = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_CANVAS, _CANVAS)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Kernel"))
        self.setAccessibleDescription(tr("Arrows move the pen, Enter draws a point, Ctrl and arrows draw a line"))
        self.setToolTip(tr("Draw the path of the camera; the right button erases"))
        self.sketch = Sketch.blank(USUAL_SIDE)
        self.thickness = 1.5
        self.erase = False
        self._last: tuple[float, float] | None = None
        self._dragged = False
        self._pen = (USUAL_SIDE / 2, USUAL_SIDE / 2)
        self._past: list[Sketch] = []
        self._future: list[Sketch] = []
        self._under: QImage | None = None

    # what is drawn

    def show_sketch(self, sketch: Sketch, step: bool = True) -> None:
        """Show another drawing. step: it can be undone."""
        if step:
            self._past = [*self._past, self.sketch][-_MOST_STEPS:]
            self._future.clear()
        self.sketch = sketch
        self.update()
        self.changed.emit()

    def start_with(self, sketch: Sketch) -> None:
        """Show a drawing as the first one."""
        self._past.clear()
        self._future.clear()
        self.show_sketch(sketch, step=False)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return bool(self._future)

    def undo(self) -> None:
        """Take the last step back; a stroke is one step."""
        if self._past:
            self._future.append(self.sketch)
            self.show_sketch(self._past.pop(), step=False)

    def redo(self) -> None:
        """Do the step again."""
        if self._future:
            self._past.append(self.sketch)
            self.show_sketch(self._future.pop(), step=False)

    def show_under(self, pixels: np.ndarray | None, streak: Streak | None) -> None:
        """Show a light of the photo under the grid: one px of it is one cell. None shows nothing."""
        self._under = None
        if pixels is not None and streak is not None:
            grey = np.ascontiguousarray(around(pixels, streak, self.sketch.side))
            side = grey.shape[0]
            self._under = QImage(grey.data, side, side, side, QImage.Format.Format_Grayscale8).copy()
        self.update()

    # pointer and keys

    def _cell(self, point: QPointF) -> tuple[float, float]:
        return point.x() * self.sketch.side / self.width(), point.y() * self.sketch.side / self.height()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a fixed square."""
        return QSize(_CANVAS, _CANVAS)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin a stroke, or to move the photo under the grid."""
        self._last = self._cell(event.position())
        self._dragged = self._under is not None and bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if not self._dragged:
            self._stroke_to(self._last, self._erases(event), step=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Continue."""
        if self._last is None:
            return
        at = self._cell(event.position())
        if self._dragged:
            self.moved.emit(at[0] - self._last[0], at[1] - self._last[1])
            self._last = at
        else:
            self._stroke_to(at, self._erases(event), step=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End the stroke."""
        del event
        self._last = None

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Move the pen, or draw with it."""
        arrow, held = ARROWS.get(Qt.Key(event.key())), event.modifiers()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._last = self._pen
            self._stroke_to(self._pen, self.erase, step=True)
        elif arrow is not None:
            start, side = self._pen, self.sketch.side
            x, y = (min(side - 0.5, max(0.5, at + way)) for at, way in zip(start, arrow, strict=True))
            self._pen = x, y
            if held & Qt.KeyboardModifier.ControlModifier:
                self._last = start
                self._stroke_to(self._pen, self.erase, step=True)
            self.update()
        else:
            super().keyPressEvent(event)
            return
        self._last = None

    def _erases(self, event: QMouseEvent) -> bool:
        return self.erase or bool((event.buttons() | event.button()) & Qt.MouseButton.RightButton)

    def _stroke_to(self, at: tuple[float, float], erase: bool, step: bool) -> None:
        assert self._last is not None
        self.show_sketch(self.sketch.stroke(self._last, at, self.thickness, erase), step)
        self._last = self._pen = at

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the photo's light, the kernel, the centre, and the grid if its cells are large enough."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#000000"))
        everything = QRectF(self.rect())
        if self._under is not None:
            painter.drawImage(everything, self._under, QRectF(self._under.rect()))
        if not self.sketch.empty:
            image = kernel_image(self.sketch.kernel(), least=1) if self._under is None else self._tinted()
            painter.drawImage(everything, image, QRectF(image.rect()))
        cell = self.width() / self.sketch.side
        if cell >= _GRID_FROM:
            painter.setPen(QPen(QColor(255, 255, 255, 28), 1))
            for index in range(1, self.sketch.side):
                painter.drawLine(QPointF(index * cell, 0), QPointF(index * cell, self.height()))
                painter.drawLine(QPointF(0, index * cell), QPointF(self.width(), index * cell))
        painter.setPen(QPen(QColor(255, 255, 255, 110), 1))
        middle = self.sketch.side // 2 * cell
        painter.drawRect(QRectF(middle, middle, cell, cell))
        if self.hasFocus():
            painter.setPen(QPen(QColor(ON_PHOTO.chosen), 1.5))
            reach = max(3.0, self.thickness * cell / 2)
            painter.drawEllipse(QPointF(self._pen[0] * cell, self._pen[1] * cell), reach, reach)

    def _tinted(self) -> QImage:
        """Return the drawing in one colour, as opaque as it is strong, so that the light shows through."""
        ink, colour = self.sketch.ink, QColor(ON_PHOTO.tint)
        side = self.sketch.side
        rgba = np.empty((side, side, 4), np.uint8)
        rgba[...] = colour.red(), colour.green(), colour.blue(), 0
        rgba[..., 3] = np.rint(np.sqrt(ink) * 200)
        return QImage(rgba.tobytes(), side, side, side * 4, QImage.Format.Format_RGBA8888).copy()
