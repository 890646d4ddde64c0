"""What the window shows without a photo: where to begin, and what will happen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from app.language import marked, tr
from app.window.commands import Actions
from app.window.theme.icons import application_icon, pixmap
from app.window.theme.tokens import Palette
from app.window.widgets.basics import column, label, row, set_property

_STEPS = (
    (
        "photo-drop",
        marked("Drop a photo"),
        marked("It never leaves this computer, and the original is never changed."),
    ),
    ("faces", marked("Faces are found"), marked("Click the ones to restore; the rest of the photo is your choice.")),
    ("wipe", marked("Compare and save"), marked("Drag the divider, set the strength, keep what convinces you.")),
)


class EmptyPage(QWidget):
    """A drop zone with two ways in, and three steps under it."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._step_pictures: list[tuple[QLabel, str]] = []
        self.zone = QFrame()
        self.zone.setObjectName("dropZone")
        self._fill_zone(actions)
        steps = row(gap=8)
        for picture, title, text in _STEPS:
            steps.addWidget(self._step(picture, title, text), 1)
        inner = column(gap=8)
        inner.addStretch(3)
        inner.addWidget(self.zone)
        inner.addLayout(steps)
        inner.addStretch(4)
        holder = QWidget()
        holder.setMaximumWidth(760)
        holder.setLayout(inner)
        layout = row(self, margin=8, gap=0)
        layout.addStretch(1)
        layout.addWidget(holder, 20)
        layout.addStretch(1)

    def _fill_zone(self, actions: Actions) -> None:
        self._logo = QLabel()
        self._logo.setPixmap(application_icon().pixmap(72, 72))
        self._logo.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = label(tr("Drop blurred photos here"), "display")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        formats = label(
            tr("JPEG, PNG, TIFF, WebP, AVIF, JPEG XL and more, of any size; one, many, or a folder"), "muted"
        )
        formats.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.open = QPushButton(tr("Open photos…"))
        self.open.setProperty("role", "primary")
        self.sample = QPushButton(tr("Try the sample"))
        buttons = row(gap=3)
        buttons.addStretch()
        for button, command in ((self.open, "open"), (self.sample, "sample")):
            button.setMinimumSize(150, 40)
            button.setToolTip(actions[command].toolTip())
            button.clicked.connect(actions[command].trigger)
            buttons.addWidget(button)
        buttons.addStretch()
        layout = column(self.zone, margin=12, gap=4)
        layout.addWidget(self._logo)
        layout.addSpacing(4)
        layout.addWidget(title)
        layout.addWidget(formats)
        layout.addSpacing(12)
        layout.addLayout(buttons)

    def _step(self, picture: str, title: str, text: str) -> QWidget:
        step = QWidget()
        shown = QLabel()
        self._step_pictures.append((shown, picture))
        words = column(gap=1)
        words.addWidget(label(tr(title), "section"))
        words.addWidget(label(tr(text), "caption", wrap=True))
        words.addStretch()
        layout = row(step, gap=3)
        layout.addWidget(shown, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        return step

    def show_over(self, over: bool) -> None:
        """Show that letting go here will open the photo."""
        set_property(self.zone, "over", over)

    def dress(self, palette: Palette) -> None:
        """Take the colours of the theme."""
        for shown, picture in self._step_pictures:
            shown.setPixmap(pixmap(picture, palette.accent, 24, self.devicePixelRatioF()))
