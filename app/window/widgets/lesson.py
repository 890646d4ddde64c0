"""Short points with pictures, for an empty place: what belongs there, and what will happen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from app.language import tr
from app.window.theme.dressed import Dressed, palette_in_force
from app.window.theme.icons import pixmap
from app.window.widgets.basics import column, label, row, scrolling

Point = tuple[str, str, str]
"""Icon, title, text; both texts are marked for translation."""

_WIDEST = 560  # px


class Points(Dressed, QWidget):
    """Shows the points one below another, or beside each other."""

    def __init__(self, points: Sequence[Point], beside: bool = False) -> None:
        super().__init__()
        self._pictures: list[tuple[QLabel, str]] = []
        layout = row(self, gap=8) if beside else column(self, gap=6)
        for picture, title, text in points:
            layout.addWidget(self._point(picture, tr(title), tr(text)), 1 if beside else 0)
        self.put_on()

    def _point(self, picture: str, title: str, text: str) -> QWidget:
        point, shown = QWidget(), QLabel()
        self._pictures.append((shown, picture))
        words = column(gap=1)
        words.addWidget(label(title, "section"))
        words.addWidget(label(text, "caption", wrap=True))
        words.addStretch()
        layout = row(point, gap=3)
        layout.addWidget(shown, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        return point

    def dress(self) -> None:
        """Use the colours of the theme."""
        palette = palette_in_force()
        for shown, picture in self._pictures:
            shown.setPixmap(pixmap(picture, palette.accent, 24, self.devicePixelRatioF()))


class Lesson(QFrame):
    """Shows points in the place of a future list; they scroll if there is too little room. promise: the last line."""

    def __init__(self, points: Sequence[Point], promise: str) -> None:
        super().__init__()
        self.setProperty("role", "well")
        inner = column(gap=6)
        inner.addStretch(2)
        inner.addWidget(Points(points))
        inner.addWidget(label(tr(promise), "muted", wrap=True))
        inner.addStretch(3)
        holder = QWidget()
        holder.setMaximumWidth(_WIDEST)
        holder.setLayout(inner)
        content = QWidget()
        middle = row(content, margin=6, gap=0)
        middle.addStretch(1)
        middle.addWidget(holder, 20)
        middle.addStretch(1)
        scroll = scrolling(content)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        row(self, gap=0).addWidget(scroll)
