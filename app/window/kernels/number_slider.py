"""A slider with the same number in a field beside it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.window.widgets.basics import row
from app.window.widgets.calm import Slider, SpinBox

_FIELD = 84  # px


class NumberSlider(QWidget):
    """Whole numbers from `least` to `most` in steps. Emits `changed` with each new one."""

    changed = Signal(int)

    def __init__(self, name: str, least: int, most: int, unit: str, step: int = 1) -> None:
        super().__init__()
        self._least, self._step = least, step
        self.slider, self.field = Slider(), SpinBox()
        self.slider.setRange(0, (most - least) // step)
        self.field.setRange(least, most)
        self.field.setSingleStep(step)
        self.field.setSuffix(unit)
        self.field.setFixedWidth(_FIELD)
        self.field.setKeyboardTracking(False)
        self.field.lineEdit().setAcceptDrops(False)  # see `widgets.dropping`
        for part in (self.slider, self.field):
            part.setAccessibleName(name)
            part.setToolTip(name)
        layout = row(self, gap=2)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.field)
        self.slider.valueChanged.connect(lambda at: self.field.setValue(least + step * at))
        self.field.valueChanged.connect(self._take)

    def value(self) -> int:
        """Return the number."""
        return self.field.value()

    def setValue(self, value: int) -> None:  # noqa: N802
        """Set the number."""
        self.field.setValue(value)

    def _take(self, value: int) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue((value - self._least) // self._step)
        self.slider.blockSignals(False)
        self.changed.emit(value)
