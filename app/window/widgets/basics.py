"""Labels, rules and layouts in the roles of the style sheet."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.window.theme.tokens import SPACE

Layout = TypeVar("Layout", bound=QLayout)


def label(text: str = "", role: str = "", wrap: bool = False) -> QLabel:
    """Return a label in a role of the style sheet: section, muted, caption, title, display, badge, key."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return made


def plain_tip(text: str) -> str:
    """Return a text as a plain tooltip: Qt would interpret <b> in a file's name as markup."""
    lines = escape(text).replace("\n", "<br>")
    return f"<qt>{lines}</qt>" if "<" in text else text


def push_button(text: str, act: Callable[[], object], tip: str, role: str = "") -> QPushButton:
    """Return a button that acts on a click; role: of the style sheet, primary or link.

    Enter in a field of its dialog does not trigger it.
    """
    made = QPushButton(text)
    made.setProperty("role", role)
    made.setToolTip(tip)
    made.setAutoDefault(False)
    made.clicked.connect(lambda _=False: act())
    return made


def button_of(action: QAction, title: str = "", role: str = "") -> QPushButton:
    """Return a button that does what a command does, where it can be used."""
    made = push_button(title or action.text(), action.trigger, action.toolTip(), role)
    made.setAccessibleName(action.text())
    made.setEnabled(action.isEnabled())
    action.enabledChanged.connect(made.setEnabled)
    return made


def rule(upright: bool = False) -> QFrame:
    """Return a thin line."""
    made = QFrame()
    made.setProperty("role", "bar-rule" if upright else "rule")
    return made


def column(parent: QWidget | None = None, margin: int = 0, gap: int = 2) -> QVBoxLayout:
    """Return a vertical layout; margin and gap in units of SPACE."""
    return _spaced(QVBoxLayout(parent) if parent else QVBoxLayout(), margin, gap)


def row(parent: QWidget | None = None, margin: int = 0, gap: int = 2) -> QHBoxLayout:
    """Return a horizontal layout; margin and gap in units of SPACE."""
    return _spaced(QHBoxLayout(parent) if parent else QHBoxLayout(), margin, gap)


def _spaced(layout: Layout, margin: int, gap: int) -> Layout:
    layout.setContentsMargins(margin * SPACE, margin * SPACE, margin * SPACE, margin * SPACE)
    layout.setSpacing(gap * SPACE)
    return layout


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet uses, and apply the style again."""
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def scrolling(content: QWidget) -> QScrollArea:
    """Return a frameless area in which a page of text scrolls vertically."""
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setFrameShape(QFrame.Shape.NoFrame)
    content.setMinimumHeight(1)  # otherwise Qt reserves the height that wrapped words need in the narrowest column
    made.setWidget(content)
    return made


class Stack(QStackedWidget):
    """Holds pages in one place; only the visible one determines the size."""

    def __init__(self, *pages: QWidget) -> None:
        super().__init__()
        for page in pages:
            self.addWidget(page)
        self.currentChanged.connect(self.updateGeometry)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the size that the visible page needs."""
        page = self.currentWidget()
        return page.minimumSizeHint().expandedTo(page.minimumSize()) if page else super().minimumSizeHint()


class ElidedLabel(QLabel):
    """A label that shortens its text in the middle, and shows all of it as a tooltip."""

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:  # noqa: N802
        """Show another text."""
        super().setText(text)
        self.setToolTip(plain_tip(text))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Allow the layout to shrink the label."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint as much of the text as fits."""
        del event
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), text)
