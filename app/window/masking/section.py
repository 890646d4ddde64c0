"""Where the result is seen: brush and eraser, and how they paint."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QToolButton, QWidget

from app.language import percent, tr
from app.window.commands.table import Actions
from app.window.masking.painting import Painting
from app.window.panels.section import Section
from app.window.photos.document import Document
from app.window.theme.tokens import SPACE
from app.window.widgets.basics import button_of, label, row
from app.window.widgets.calm import Slider
from engine.masks.brush import LARGEST

_SIZES = 240
"""Steps of the slider for the size; each makes the brush larger by the same share."""


class MaskSection(Section):
    """Tools, the brush's three sliders while one is held, and what makes a mask without painting."""

    def __init__(self, document: Document, painting: Painting, actions: Actions) -> None:
        super().__init__(tr("Mask"))
        self._document, self._painting = document, painting
        self.brush, self.eraser, self.tint = (
            tool_of(actions[command], title)
            for command, title in (("brush", ""), ("eraser", ""), ("show-mask", tr("Show")))
        )
        tools = row(gap=1)
        for part in (self.brush, self.eraser):
            tools.addWidget(part)
        tools.addStretch()
        tools.addWidget(self.tint)
        self.sentence = label("", "caption", wrap=True)
        self.across, self.hardness, self.flow = (
            _slider(name, _SIZES if first else 100)
            for name, first in (
                (tr("Size of the brush in px"), True),
                (tr("Hardness of the brush in per cent"), False),
                (tr("Flow of the brush in per cent"), False),
            )
        )
        self._figures = {slider: label("", "figure") for slider in (self.across, self.hardness, self.flow)}
        self.sliders = self._in_a_grid(
            ((tr("Size"), self.across), (tr("Hardness"), self.hardness), (tr("Flow"), self.flow))
        )
        links = row(gap=1)
        for command, title in (("mask-faces", tr("From faces")), ("invert-mask", ""), ("clear-mask", "")):
            links.addWidget(button_of(actions[command], title, "link"))
        links.addStretch()
        self.body.addLayout(tools)
        self.body.addWidget(self.sentence)
        self.body.addWidget(self.sliders)
        self.body.addLayout(links)
        self.across.valueChanged.connect(lambda at: painting.change(size=_size_at(at)))
        self.hardness.valueChanged.connect(lambda value: painting.change(hardness=value / 100))
        self.flow.valueChanged.connect(lambda value: painting.change(flow=value / 100))
        for signal in (painting.changed, document.mask_changed, document.result_changed):
            signal.connect(self._refresh)
        self._refresh()

    def _in_a_grid(self, named: tuple[tuple[str, QSlider], ...]) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(3 * SPACE)
        for line, (name, slider) in enumerate(named):
            figure: QLabel = self._figures[slider]
            figure.setMinimumWidth(figure.fontMetrics().horizontalAdvance(f"{LARGEST} px") + 2 * SPACE)
            grid.addWidget(label(name, "caption"), line, 0)
            grid.addWidget(slider, line, 1)
            grid.addWidget(figure, line, 2)
        return holder

    def _refresh(self) -> None:
        painting, brush = self._painting, self._painting.brush
        self.sliders.setVisible(painting.held)
        for slider, value, text in (
            (self.across, _place_of(brush.size), f"{round(brush.size)} px"),
            (self.hardness, round(brush.hardness * 100), percent(brush.hardness)),
            (self.flow, round(brush.flow * 100), percent(brush.flow)),
        ):
            slider.blockSignals(True)
            slider.setValue(value)
            slider.blockSignals(False)
            self._figures[slider].setText(text)
        self.sentence.setText(self._said())

    def _said(self) -> str:
        """Return what the mask does, or what a stroke would begin."""
        held, erase = self._painting.held, self._painting.brush.erase
        if self._document.shown.mask is not None:
            return tr("The result is seen where the mask is painted; all else stays as it was.")
        if held:
            return tr("Rub out what shall stay as it was.") if erase else tr("Paint over what shall be restored.")
        return tr("No mask: the result covers the whole photo.")


def _size_at(place: int) -> float:
    return float(math.exp(math.log(LARGEST) * place / _SIZES))


def _place_of(size: float) -> int:
    return round(_SIZES * math.log(size) / math.log(LARGEST))


def _slider(name: str, most: int) -> QSlider:
    slider = Slider()
    slider.setRange(0, most)
    slider.setAccessibleName(name)
    slider.setToolTip(name)
    return slider


def tool_of(action: QAction, title: str) -> QToolButton:
    """Return a button with icon and word that follows an action that can be checked."""
    made = QToolButton()
    made.setCheckable(True)
    made.setIconSize(QSize(16, 16))
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    made.setText(f" {title or action.text()}")
    made.setToolTip(action.toolTip())
    made.setAccessibleName(action.text())

    def follow() -> None:
        made.setIcon(action.icon())
        made.setEnabled(action.isEnabled())
        made.setChecked(action.isChecked())

    def press() -> None:
        action.trigger()
        follow()  # a button has checked itself, whatever became of the action

    made.clicked.connect(lambda _=False: press())
    action.changed.connect(follow)
    follow()
    return made
