"""What the training page says before there are photos: which are good ones, and how many."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from app.language import marked, tr
from app.window.theme.icons import pixmap
from app.window.theme.tokens import Palette
from app.window.widgets.basics import column, label, row

_POINTS = (
    (
        "photo-drop",
        marked("The sharpest photos that you have"),
        marked(
            "In focus to the pixel, little noise, not sharpened afterwards. They are blurred by the program, and the "
            "method learns the way back; what is soft in them, it learns as sharp."
        ),
    ),
    (
        "faces",
        marked("Like those that you want to restore"),
        marked("Portraits for portraits, in all kinds of light; many people rather than one in a hundred poses."),
    ),
    (
        "compare",
        marked("From fifty on, better some hundreds"),
        marked(
            "Some are put aside and never trained on: on them, the new weights are compared with those that came "
            "with the program, and can be used only where they are better."
        ),
    ),
)


class Lesson(QFrame):
    """Three points, in the place where the photos will be."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "well")
        self._pictures: list[tuple[QLabel, str]] = []
        inner = column(gap=6)
        inner.addStretch(2)
        for picture, title, text in _POINTS:
            inner.addWidget(self._point(picture, tr(title), tr(text)))
        promise = tr("Photos and weights stay on this computer. What came with the program is never changed.")
        inner.addWidget(label(promise, "muted", wrap=True))
        inner.addStretch(3)
        holder = QWidget()
        holder.setMaximumWidth(560)
        holder.setLayout(inner)
        layout = row(self, margin=6, gap=0)
        layout.addStretch(1)
        layout.addWidget(holder, 20)
        layout.addStretch(1)

    def _point(self, picture: str, title: str, text: str) -> QWidget:
        point, shown = QWidget(), QLabel()
        self._pictures.append((shown, picture))
        words = column(gap=1)
        words.addWidget(label(title, "section"))
        words.addWidget(label(text, "caption", wrap=True))
        layout = row(point, gap=4)
        layout.addWidget(shown, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        return point

    def dress(self, palette: Palette) -> None:
        """Take the colours of the theme."""
        for shown, picture in self._pictures:
            shown.setPixmap(pixmap(picture, palette.accent, 24, self.devicePixelRatioF()))
