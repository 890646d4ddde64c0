"""A titled part of the side panel; it may fold."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.window.theme.dressed import Dressed, palette_in_force
from app.window.theme.icons import icon
from app.window.widgets.basics import column, label, row


class Section(QWidget):
    """Holds a title, a figure to its right, and a body."""

    def __init__(self, title: str, aside: str = "") -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.body: QVBoxLayout = column(gap=2)
        self.aside: QLabel = label(aside, "figure")
        self.heading: QHBoxLayout = row(gap=2)
        self.heading.addWidget(label(title, "section"))
        self.heading.addStretch()
        self.heading.addWidget(self.aside)
        layout = column(self, gap=2)
        layout.addLayout(self.heading)
        layout.addLayout(self.body)


class Folded(Dressed, QWidget):
    """A section that opens when its title is pressed. tip: describes the contents."""

    def __init__(self, title: str, tip: str) -> None:
        super().__init__()
        self.button = QToolButton()
        self.button.setText(title)
        self.button.setToolTip(tip)
        self.button.setProperty("role", "disclosure")
        self.button.setCheckable(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setIconSize(QSize(16, 16))
        self.button.toggled.connect(self._fold)
        self.content = QWidget()
        self.body = column(self.content, gap=1)
        self.content.hide()
        layout = column(self, gap=1)
        layout.addWidget(self.button)
        layout.addWidget(self.content)
        self.put_on()

    def _fold(self, opened: bool) -> None:
        self.content.setVisible(opened)
        self.dress()

    def dress(self) -> None:
        """Use the colours of the theme."""
        palette = palette_in_force()
        name = "chevron-down" if self.button.isChecked() else "chevron-right"
        self.button.setIcon(icon(name, palette, 16, palette.muted))
