"""A card that shows the current choice with a summary, and opens the list of all choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

from app.window.theme.dressed import Dressed, palette_in_force
from app.window.theme.icons import pixmap
from app.window.widgets.basics import column, label, row
from app.window.widgets.pressed_row import Pressable

_FRAME = 1
"""Border that the style sheet draws around the list, in px."""


@dataclass(frozen=True)
class Choice:
    """reason: why it is not available, shown under the summary. badge: a word beside the title."""

    id: str
    title: str
    summary: str
    reason: str = ""
    badge: str = ""


class _Stepped(Pressable):
    """The arrows move on."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go to the next or the previous row, or be pressed."""
        if event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)


class _Row(_Stepped):
    def __init__(self, choice: Choice, chosen: bool) -> None:
        super().__init__("row")
        self.setProperty("chosen", chosen)
        self.setProperty("lacking", bool(choice.reason))
        self.setEnabled(not choice.reason)
        self.setAccessibleName(choice.title)
        self.setAccessibleDescription(" ".join(filter(None, (choice.summary, choice.reason))))
        layout = column(self, margin=2, gap=1)
        layout.setContentsMargins(10, 7, 10, 8)
        heading = row(gap=2)
        heading.addWidget(label(choice.title, "section"))
        if choice.badge:
            heading.addWidget(label(choice.badge, "badge"))
        heading.addStretch()
        layout.addLayout(heading)
        for words in filter(None, (choice.summary, choice.reason)):
            layout.addWidget(label(words, "caption", wrap=True))


class ChoiceCard(Dressed, _Stepped):
    """Emits `chosen` with the id when the user picks a choice, even the same one again."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("card")
        if parent:
            self.setParent(parent)
        self._name = name
        self._choices: Sequence[Choice] = ()
        self._current = ""
        self._popup: QFrame | None = None
        self._title = label("", "section")
        self._badge = label("", "badge")
        self._summary = label("", "caption", wrap=True)
        self._chevron = QLabel()
        heading = row(gap=2)
        heading.addWidget(self._title)
        heading.addWidget(self._badge)
        heading.addStretch()
        heading.addWidget(self._chevron)
        layout = column(self, gap=1)
        layout.setContentsMargins(12, 8, 10, 10)
        layout.addLayout(heading)
        layout.addWidget(self._summary)
        self.pressed.connect(self.open)
        self.put_on()

    def offer(self, choices: Sequence[Choice]) -> None:
        """Set the choices in the list."""
        self._choices = choices

    def choose(self, choice_id: str) -> None:
        """Show another choice, without a signal."""
        choice = next(choice for choice in self._choices if choice.id == choice_id)
        self._current = choice_id
        self._title.setText(choice.title)
        self._summary.setText(choice.summary)
        self._badge.setText(choice.badge)
        self._badge.setVisible(bool(choice.badge))
        self.setAccessibleName(f"{self._name}: {choice.title}")
        self.setAccessibleDescription(choice.summary)

    def open(self) -> QFrame:
        """Show the list under the card."""
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setObjectName("popup")
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.setFixedWidth(self.width())
        content = QWidget()
        layout = column(content, margin=1, gap=0)
        current = None
        for choice in self._choices:
            entry = _Row(choice, choice.id == self._current)
            entry.pressed.connect(lambda choice=choice: self._take(choice.id))
            layout.addWidget(entry)
            if choice.id == self._current:
                current = entry
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        column(popup, gap=0).addWidget(scroll)
        for part in popup.findChildren(QWidget):
            part.ensurePolished()  # the style sheet's font determines the height of the lines
        content.setFixedHeight(content.heightForWidth(self.width() - 2 * _FRAME))
        self._place(popup, content.height() + 2 * _FRAME)
        popup.show()
        if current:
            current.setFocus()
        self._popup = popup
        return popup

    def _place(self, popup: QFrame, height: int) -> None:
        """Put the list under the card, or higher if the screen ends there; a list longer than the screen scrolls."""
        screen = self.screen().availableGeometry()
        popup.setFixedHeight(min(height, screen.height()))
        below = self.mapToGlobal(QPoint(0, self.height() + 4))
        popup.move(below.x(), max(screen.top(), min(below.y(), screen.bottom() + 1 - popup.height())))

    def _take(self, choice_id: str) -> None:
        if self._popup:
            self._popup.close()
            self._popup = None
        self.choose(choice_id)
        self.chosen.emit(choice_id)

    def dress(self) -> None:
        """Use the colours of the theme."""
        self._chevron.setPixmap(pixmap("chevron-down", palette_in_force().muted, 16, self.devicePixelRatioF()))
