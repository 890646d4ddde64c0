"""A segmented control: a few choices, all visible."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QWidget

from app.window.theme.dressed import Dressed, palette_in_force
from app.window.theme.icons import icon
from app.window.widgets.basics import row

_ICON_ALONE = 40
"""Width of a choice without its word, in px."""


class Segments(Dressed, QFrame):
    """Choices are (id, title, tip, icon name or ""). Emits `chosen` when the user picks another."""

    chosen = Signal(str)

    def __init__(
        self, choices: Sequence[tuple[str, str, str, str]], name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "segments")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._choices = choices
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        layout = row(self, gap=0)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(2)
        for choice, title, tip, icon_name in choices:
            button = QToolButton()
            button.setText(f" {title}" if icon_name else title)  # the style leaves too little room after an icon
            button.setToolTip(tip)
            button.setAccessibleName(f"{name}: {title}")
            button.setAccessibleDescription(tip)
            button.setCheckable(True)
            button.setIconSize(QSize(16, 16))
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            if icon_name:
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            self._group.addButton(button)
            self._buttons[choice] = button
            button.clicked.connect(lambda _=False, choice=choice: self.chosen.emit(choice))
            layout.addWidget(button)
        self.put_on()

    def choose(self, choice: str) -> None:
        """Show another choice, without a signal."""
        self._buttons[choice].setChecked(True)

    def button(self, choice: str) -> QToolButton:
        """Return the button of a choice, e.g. to disable it with a reason as its tooltip."""
        return self._buttons[choice]

    def dress(self) -> None:
        """Use the icons of the theme."""
        for choice, _, _, icon_name in self._choices:
            if icon_name:
                self._buttons[choice].setIcon(icon(icon_name, palette_in_force(), 16))


class ShrinkingSegments(Segments):
    """Segments that all have an icon; the words disappear if there is too little room."""

    _worded = True
    _room_for_words = QSize()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size with words, as measured when they were visible."""
        if self._worded:
            self._room_for_words = super().sizeHint()
        return self._room_for_words

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the size of the icons."""
        return QSize(_ICON_ALONE * len(self._buttons), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show or hide the words."""
        super().resizeEvent(event)
        fits = self.width() >= self.sizeHint().width()
        if fits != self._worded:
            self._worded = fits
            words, icons = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
            for button in self._buttons.values():
                button.setToolButtonStyle(words if fits else icons)
