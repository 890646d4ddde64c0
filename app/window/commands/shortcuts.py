"""The searchable list of commands and their keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QWidget

from app.language import tr
from app.window.commands.table import COMMANDS, GESTURES
from app.window.theme.tokens import SCROLL_BAR
from app.window.widgets.basics import column, label, row
from app.window.widgets.page import Page

_HEIGHT = 620  # px


def entries() -> list[tuple[str, str, tuple[str, ...]]]:
    """Return (group, what it does, keys) of everything that can be done without a button."""
    native = QKeySequence.SequenceFormat.NativeText
    listed = [
        (tr(c.group), tr(c.title).rstrip("…"), tuple(QKeySequence(key).toString(native) for key in c.keys))
        for c in COMMANDS
        if c.keys
    ]
    listed += [(tr(group), tr(what), (tr(how),)) for group, what, how in GESTURES]
    order = list(dict.fromkeys(group for group, _, _ in listed))
    return sorted(listed, key=lambda entry: order.index(entry[0]))


class ShortcutsDialog(Page):
    """Shows the list, filtered while the user types."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.search = QLineEdit()
        self.search.setAcceptDrops(False)  # see `widgets.dropping`
        self.search.setPlaceholderText(tr("Search commands and keys"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(tr("Search commands and keys"))
        self.search.setToolTip(tr("Show only commands with these words or keys"))
        self.search.textChanged.connect(self._narrow)
        self._rows: list[tuple[str, str, QWidget]] = []
        self._headings: dict[str, QWidget] = {}
        self._nothing = label(tr("No command or key matches."), "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.hide()
        content = QWidget()
        self._list = column(content, gap=0)
        self._fill()
        self._list.addWidget(self._nothing)
        self._list.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content.ensurePolished()  # polish first, or the width is measured in other fonts
        scroll.setMinimumWidth(content.minimumSizeHint().width() + SCROLL_BAR)
        layout = column(self, margin=6, gap=4)
        layout.addWidget(label(tr("Keyboard shortcuts"), "title"))
        layout.addWidget(self.search)
        layout.addWidget(scroll, 1)
        self.resize(0, _HEIGHT)

    def _fill(self) -> None:
        for group, what, keys in entries():
            if group not in self._headings:
                heading = label(group, "caption")
                heading.setContentsMargins(0, 14 if self._headings else 0, 0, 4)
                self._headings[group] = heading
                self._list.addWidget(heading)
            line = QWidget()
            inner = row(line, gap=2)
            inner.setContentsMargins(0, 3, 12, 3)
            inner.addWidget(label(what))
            inner.addStretch()
            for key in keys:
                inner.addWidget(label(key, "key"))
            self._rows.append((group, " ".join((group, what, *keys)).casefold(), line))
            self._list.addWidget(line)

    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        seen: set[str] = set()
        for group, searched, line in self._rows:
            fits = all(word in searched for word in words)
            line.setVisible(fits)
            if fits:
                seen.add(group)
        for group, heading in self._headings.items():
            heading.setVisible(group in seen)
        self._nothing.setVisible(not seen)
