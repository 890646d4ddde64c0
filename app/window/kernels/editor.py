"""The kernel editor: draw a kernel by hand, load one, or make one from a formula, and deblur with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QGridLayout, QPushButton, QVBoxLayout, QWidget

from app.language import tr, translated
from app.window import dialogs
from app.window.kernels.canvas import USUAL_SIDE, KernelCanvas
from app.window.kernels.facts import kernel_facts
from app.window.kernels.number_slider import NumberSlider
from app.window.kernels.sketch import LARGEST, SMALLEST, Sketch
from app.window.kernels.streaks import Streak
from app.window.theme.tokens import SPACE
from app.window.widgets.basics import column, label, push_button, row
from app.window.widgets.page import Page
from engine.errors import UserError
from engine.kernels.kernel import Kernel

_NAMES = 64


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
        self.side = NumberSlider(tr("Size of the grid in px"), SMALLEST, LARGEST, " px", step=2)
        self.pen = NumberSlider(tr("Thickness of the pen in px"), 1, 12, " px")
        self.length = NumberSlider(tr("Length or diameter in px"), 1, LARGEST, " px")
        self.angle = NumberSlider(tr("Angle in degrees"), 0, 179, "°")
        self.undo = push_button(tr("Undo"), self.canvas.undo, tr("Take the last stroke back (Ctrl+Z)"))
        self.redo = push_button(tr("Redo"), self.canvas.redo, tr("Draw it again (Ctrl+Shift+Z)"))
        self.eraser = push_button(tr("Eraser"), self._take_eraser, tr("Erase instead of drawing (E)"))
        self.eraser.setCheckable(True)
        self.under = QCheckBox(tr("A light of the photo under the grid"))
        self.under.setToolTip(tr("A small light became the path of the camera: trace it. Shift and drag moves it."))
        self.under.setEnabled(False)
        self.next = push_button(tr("Next light"), self.next_streak, tr("Show another light of the photo"))
        self._pixels: np.ndarray | None = None
        self._streaks: list[Streak] = []
        self._at = 0
        self.use = QPushButton(tr("Deblur with it"))
        self.use.setToolTip(tr("Undo this movement in the photo"))
        self._lay_out()
        self._connect()
        self.length.setValue(11)
        self.pen.setValue(2)
        self.canvas.start_with(Sketch.of(start) if start else Sketch.blank(USUAL_SIDE))

    def _lay_out(self) -> None:
        side = column(gap=3)
        side.addWidget(label(tr("Pen"), "section"))
        self._add_sliders(side, ((tr("Thickness"), self.pen), (tr("Grid"), self.side)))
        changes = (
            (tr("Clear"), tr("Begin with an empty grid"), self.clear),
            (tr("Mirror"), tr("Exchange left and right"), self.mirror),
            (tr("Load…"), tr("Continue with a kernel from a file"), self.load),
        )
        steps = row(gap=2)
        for button in (self.undo, self.redo, self.eraser):
            steps.addWidget(button, 1)
        side.addLayout(steps)
        side.addLayout(self._buttons(changes))
        light = row(gap=2)
        light.addWidget(self.under, 1)
        light.addWidget(self.next)
        side.addLayout(light)
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

    def _add_sliders(self, layout: QVBoxLayout, named: tuple[tuple[str, NumberSlider], ...]) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * SPACE)
        for index, (name, slider) in enumerate(named):
            grid.addWidget(label(name, "caption"), index, 0)
            grid.setColumnMinimumWidth(0, _NAMES)
            grid.addWidget(slider, index, 1)
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
        self.canvas.moved.connect(self._move_streak)
        self.side.changed.connect(self._resize)
        self.pen.changed.connect(self._take_pen)
        self.under.toggled.connect(self._show_streak)
        self.use.clicked.connect(self._take)
        for keys, button in (("Ctrl+Z", self.undo), ("Ctrl+Shift+Z", self.redo), ("E", self.eraser)):
            QShortcut(QKeySequence(keys), self).activated.connect(button.click)

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
        side += 1 - side % 2
        if side != self.canvas.sketch.side:
            self.canvas.show_sketch(self.canvas.sketch.resized(side))

    def _take_pen(self, thickness: int) -> None:
        self.canvas.thickness = float(thickness)
        self.canvas.update()

    def _take_eraser(self) -> None:
        self.canvas.erase = self.eraser.isChecked()

    # a light under the grid

    def offer_streaks(self, pixels: np.ndarray, streaks: list[Streak]) -> None:
        """Let lights of the photo, H x W x 3 float32, be shown under the grid."""
        self._pixels, self._streaks = pixels, streaks
        self.under.setEnabled(bool(streaks))
        if not streaks:
            self.under.setToolTip(tr("No light stands out here"))
        self._show_streak()

    def next_streak(self) -> None:
        """Show another light."""
        if self._streaks:
            self._at = (self._at + 1) % len(self._streaks)
            self._show_streak()

    def _move_streak(self, right: float, down: float) -> None:
        streak = self._streaks[self._at]
        self._streaks[self._at] = Streak(streak.x - right, streak.y - down)
        self._show_streak()

    def _show_streak(self) -> None:
        wanted = self.under.isChecked() and bool(self._streaks)
        self.next.setEnabled(wanted and len(self._streaks) > 1)
        self.canvas.show_under(self._pixels if wanted else None, self._streaks[self._at] if wanted else None)

    def _take(self) -> None:
        self.taken.emit(self.canvas.sketch.kernel())
        self.accept()

    def _refresh(self) -> None:
        sketch = self.canvas.sketch
        if sketch.side != self.side.value():
            self.side.setValue(sketch.side)
            self._show_streak()
        self.undo.setEnabled(self.canvas.can_undo)
        self.redo.setEnabled(self.canvas.can_redo)
        self.use.setEnabled(not sketch.empty)
        self.facts.setText(tr("Nothing is drawn yet") if sketch.empty else kernel_facts(sketch.kernel()).sentence())
