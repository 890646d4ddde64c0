"""Sliders, lists and number fields that react to the wheel only with the focus, so that the page can scroll."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSlider, QSpinBox, QStyle, QStyleOptionSlider, QWidget


def _prepare(widget: QWidget) -> None:
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel must not give the focus either


class Slider(QSlider):
    """A horizontal slider. A click on the groove moves it there, and a drag can begin there."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        _prepare(self)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Leave the wheel to the page, unless the slider has the focus."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move to the clicked position, and continue as a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            option = QStyleOptionSlider()
            self.initStyleOption(option)
            part = QStyle.SubControl
            slider = QStyle.ComplexControl.CC_Slider
            handle = self.style().subControlRect(slider, option, part.SC_SliderHandle, self)
            groove = self.style().subControlRect(slider, option, part.SC_SliderGroove, self)
            if not handle.contains(event.position().toPoint()):
                way = groove.width() - handle.width()
                at = round(event.position().x()) - groove.left() - handle.width() // 2
                self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), at, way))
        super().mousePressEvent(event)


class ComboBox(QComboBox):
    """A list of choices."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _prepare(self)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Leave the wheel to the page, unless the list has the focus."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class SpinBox(QSpinBox):
    """A field for a number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(8, 0, 0, 0)
        _prepare(self)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Leave the wheel to the page, unless the field has the focus."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()
