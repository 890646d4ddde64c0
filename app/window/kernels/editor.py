"""The kernel editor: draw a kernel by hand, load one, or make one from a formula, and deblur with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from app.language import number, tr, translated
from app.window import dialogs
from app.window.kernel_facts import kernel_facts
from app.window.kernels.sketch import LARGEST, SMALLEST, Sketch
from app.window.theme.tokens import SPACE
from app.window.widgets.basics import column, label, push_button, row
from app.window.widgets.calm import Slider
from app.window.widgets.kernel_view import kernel_image
from app.window.widgets.page import Page
from engine.errors import UserError
from engine.kernels.kernel import Kernel

_USUAL_SIDE = 25
_CANVAS = 420
_GRID_FROM = 8
_NAMES = 64


class KernelCanvas(QWidget):
    """The grid. The left button draws, the right button erases."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_CANVAS, _CANVAS)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(tr("Kernel"))
        self.setToolTip(tr("Draw the path of the camera; the right button erases"))
        self.sketch = Sketch.blank(_USUAL_SIDE)
        self.thickness = 1.5
        self._last: tuple[float, float] | None = None

    def show_sketch(self, sketch: Sketch) -> None:
        """Show another drawing."""
        self.sketch = sketch
        self.update()
        self.changed.emit()

    def _cell(self, point: QPointF) -> tuple[float, float]:
        return point.x() * self.sketch.side / self.width(), point.y() * self.sketch.side / self.height()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a fixed square."""
        return QSize(_CANVAS, _CANVAS)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin a stroke."""
        self._last = self._cell(event.position())
        self._stroke(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Continue the stroke."""
        if self._last is not None:
            self._stroke(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End the stroke."""
        del event
        self._last = None

    def _stroke(self, event: QMouseEvent) -> None:
        assert self._last is not None
        erase = bool((event.buttons() | event.button()) & Qt.MouseButton.RightButton)
        at = self._cell(event.position())
        self.show_sketch(self.sketch.stroke(self._last, at, self.thickness, erase))
        self._last = at

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the kernel, the centre, and the grid if its cells are large enough."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#000000"))
        if not self.sketch.empty:
            image = kernel_image(self.sketch.kernel(), least=1)
            painter.drawImage(QRectF(self.rect()), image, QRectF(image.rect()))
        cell = self.width() / self.sketch.side
        if cell >= _GRID_FROM:
            painter.setPen(QPen(QColor(255, 255, 255, 28), 1))
            for index in range(1, self.sketch.side):
                painter.drawLine(QPointF(index * cell, 0), QPointF(index * cell, self.height()))
                painter.drawLine(QPointF(0, index * cell), QPointF(self.width(), index * cell))
        painter.setPen(QPen(QColor(255, 255, 255, 110), 1))
        middle = self.sketch.side // 2 * cell
        painter.drawRect(QRectF(middle, middle, cell, cell))


class KernelEditor(Page):
    """Emits `taken` with the kernel when the user wants to deblur with it."""

    taken = Signal(object)

    def __init__(self, parent: QWidget, start: Kernel | None = None, folder: Path | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Draw a kernel"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._folder = folder
        self.canvas = KernelCanvas()
        self.facts = label("", "figure")
        self.trouble = label("", "trouble", wrap=True)
        self.side = _slider(tr("Size of the grid in px"), SMALLEST // 2, LARGEST // 2)
        self.pen = _slider(tr("Thickness of the pen in px"), 2, 16)
        self.length = _slider(tr("Length or radius in px"), 1, 49)
        self.angle = _slider(tr("Angle in degrees"), 0, 179)
        self._figures = {slider: label("", "figure") for slider in (self.side, self.pen, self.length, self.angle)}
        self.use = QPushButton(tr("Deblur with it"))
        self.use.setToolTip(tr("Undo this movement in the photo"))
        self._lay_out()
        self._connect()
        self.length.setValue(11)
        self.pen.setValue(3)
        self.canvas.show_sketch(Sketch.of(start) if start else Sketch.blank(_USUAL_SIDE))

    def _lay_out(self) -> None:
        side = column(gap=3)
        side.addWidget(label(tr("Pen"), "section"))
        self._add_sliders(side, ((tr("Thickness"), self.pen), (tr("Grid"), self.side)))
        changes = (
            (tr("Clear"), tr("Begin with an empty grid"), self.clear),
            (tr("Mirror"), tr("Exchange left and right"), self.mirror),
            (tr("Load…"), tr("Continue with a kernel from a file"), self.load),
        )
        side.addLayout(self._buttons(changes))
        side.addSpacing(2 * SPACE)
        side.addWidget(label(tr("Or a shape"), "section"))
        self._add_sliders(side, ((tr("Length"), self.length), (tr("Angle"), self.angle)))
        shapes = (
            (tr("Line"), tr("A camera that moved straight, by this length and angle"), self.draw_line),
            (tr("Disc"), tr("A lens out of focus, by this radius"), self.draw_disc),
        )
        side.addLayout(self._buttons(shapes))
        side.addStretch()
        side.addWidget(self.trouble)
        body = row(gap=5)
        body.addWidget(self.canvas)
        body.addLayout(side, 1)
        close = QPushButton(tr("Cancel"))
        close.clicked.connect(self.reject)
        self.use.setProperty("role", "primary")
        self.use.setDefault(True)
        below = row(gap=2)
        below.addWidget(self.facts)
        below.addStretch()
        below.addWidget(close)
        below.addWidget(self.use)
        layout = column(self, margin=6, gap=4)
        layout.addWidget(label(tr("Draw how the camera moved"), "title"))
        layout.addLayout(body)
        layout.addLayout(below)
        self.setMinimumWidth(780)

    def _add_sliders(self, layout: QVBoxLayout, named: tuple[tuple[str, QSlider], ...]) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * SPACE)
        for index, (name, slider) in enumerate(named):
            figure: QLabel = self._figures[slider]
            figure.setMinimumWidth(44)
            figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(label(name, "caption"), index, 0)
            grid.setColumnMinimumWidth(0, _NAMES)
            grid.addWidget(slider, index, 1)
            grid.addWidget(figure, index, 2)
        layout.addLayout(grid)

    def _buttons(self, named: tuple[tuple[str, str, Callable[[], None]], ...]) -> QVBoxLayout:
        line = row(gap=2)
        for name, tip, act in named:
            line.addWidget(push_button(name, act, tip), 1)
        holder = column(gap=0)
        holder.addLayout(line)
        return holder

    def _connect(self) -> None:
        self.canvas.changed.connect(self._refresh)
        self.canvas.changed.connect(lambda: self.trouble.setText(""))
        self.side.valueChanged.connect(lambda half: self._resize(2 * half + 1))
        self.pen.valueChanged.connect(self._take_pen)
        for slider in (self.length, self.angle):
            slider.valueChanged.connect(self._refresh)
        self.use.clicked.connect(self._take)

    # what the buttons do

    def clear(self) -> None:
        """Clear the drawing."""
        self.canvas.show_sketch(Sketch.blank(self.canvas.sketch.side))

    def mirror(self) -> None:
        """Exchange left and right."""
        self.canvas.show_sketch(self.canvas.sketch.mirrored())

    def draw_line(self) -> None:
        """Replace the drawing by straight motion."""
        from engine.kernels.families.shapes import linear_kernel

        self._replace(Kernel(linear_kernel(self.length.value(), self.angle.value())))

    def draw_disc(self) -> None:
        """Replace the drawing by a disc, the kernel of a lens out of focus."""
        from engine.kernels.families.shapes import defocus_kernel

        self._replace(Kernel(defocus_kernel(self.length.value() / 2)))

    def load(self) -> None:
        """Replace the drawing by a kernel from a file; say so if the file holds none."""
        from engine.kernels.files import load_kernel

        path = dialogs.ask_kernel(self, self._folder)
        if path is None:
            return
        try:
            self.canvas.show_sketch(Sketch.of(load_kernel(path)))
        except UserError as error:
            self.trouble.setText(translated(error))

    def _replace(self, kernel: Kernel) -> None:
        """Show a kernel; enlarge the grid if it does not fit."""
        self.canvas.show_sketch(Sketch.of(kernel, min(LARGEST, max(self.canvas.sketch.side, *kernel.values.shape))))

    def _resize(self, side: int) -> None:
        if side != self.canvas.sketch.side:
            self.canvas.show_sketch(self.canvas.sketch.resized(side))

    def _take_pen(self, halves: int) -> None:
        self.canvas.thickness = halves / 2
        self._refresh()

    def _take(self) -> None:
        self.taken.emit(self.canvas.sketch.kernel())
        self.accept()

    def _refresh(self) -> None:
        sketch = self.canvas.sketch
        self.side.setValue(sketch.side // 2)
        self._figures[self.side].setText(f"{sketch.side} px")
        self._figures[self.pen].setText(f"{number(self.canvas.thickness, 1)} px")
        self._figures[self.length].setText(f"{self.length.value()} px")
        self._figures[self.angle].setText(f"{self.angle.value()}°")
        self.use.setEnabled(not sketch.empty)
        self.facts.setText(tr("Nothing is drawn yet") if sketch.empty else kernel_facts(sketch.kernel()).sentence())


def _slider(name: str, least: int, most: int) -> QSlider:
    slider = Slider()
    slider.setRange(least, most)
    slider.setAccessibleName(name)
    slider.setToolTip(name)
    return slider
