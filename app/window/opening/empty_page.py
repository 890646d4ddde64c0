"""The page without a photo: where to begin, and what happens next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QWidget

from app.language import marked, tr
from app.window.commands.table import Actions
from app.window.theme.icons import application_icon
from app.window.theme.tokens import SCROLL_BAR
from app.window.widgets.basics import button_of, column, label, push_button, row, set_property
from app.window.widgets.lesson import Points

_STEPS = (
    (
        "photo-drop",
        marked("Drop a photo"),
        marked("It never leaves this computer, and the original is never changed."),
    ),
    (
        "faces",
        marked("Faces are found"),
        marked("Click a face to leave it out; the rest of the photo is your choice."),
    ),
    ("wipe", marked("Compare and save"), marked("Drag the divider, set the strength, and save the result.")),
)


_MOST_RECENT = 3
_WIDEST_NAME = 96  # px
_LEAST_HEIGHT = 240  # px


class EmptyPage(QWidget):
    """Shows a drop area with two buttons, three steps, recent photos, batch and training.

    asked: the path of a recent photo.
    """

    asked = Signal(object)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.zone = QFrame()
        self.zone.setObjectName("dropZone")
        self._fill_zone(actions)
        self._steps = Points(_STEPS, beside=True)
        inner = column(gap=8)
        inner.addStretch(3)
        inner.addWidget(self.zone)
        inner.addWidget(self._steps)
        inner.addLayout(self._near(actions))
        self.note = label("", "caption", wrap=True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setMinimumHeight(self.note.fontMetrics().lineSpacing() + 4)  # so that nothing moves when it appears
        inner.addWidget(self.note)
        inner.addStretch(4)
        holder = QWidget()
        holder.setMaximumWidth(760)
        holder.setLayout(inner)
        self._body = QWidget()
        layout = row(self._body, margin=8, gap=0)
        layout.addStretch(1)
        layout.addWidget(holder, 20)
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._body)
        column(self, gap=0).addWidget(scroll)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the full width, and a height that the screen has room for."""
        return QSize(self._body.minimumSizeHint().width() + SCROLL_BAR, _LEAST_HEIGHT)

    def _fill_zone(self, actions: Actions) -> None:
        self._logo = QLabel()
        self._logo.setPixmap(application_icon().pixmap(72, 72))
        self._logo.setMinimumHeight(72)
        self._logo.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = label(tr("Drop blurred photos here"), "display")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        formats = label(
            tr("JPEG, PNG, TIFF, WebP, AVIF, JPEG XL and more, of any size; one, many, or a folder"), "muted"
        )
        formats.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.open = button_of(actions["open"], tr("Open photos…"), "primary")
        self.sample = button_of(actions["sample"], tr("Try the sample"))
        buttons = row(gap=3)
        buttons.addStretch()
        for button in (self.open, self.sample):
            button.setMinimumSize(150, 40)
            buttons.addWidget(button)
        buttons.addStretch()
        layout = column(self.zone, margin=12, gap=4)
        layout.addWidget(self._logo)
        layout.addSpacing(4)
        layout.addWidget(title)
        layout.addWidget(formats)
        layout.addSpacing(12)
        layout.addLayout(buttons)

    def _near(self, actions: Actions) -> QHBoxLayout:
        """Return a line with the recent photos on the left, and the pages for many photos on the right."""
        line = row(gap=1)
        self._recent_title = label(tr("Opened last"), "caption")
        line.addWidget(self._recent_title)
        self._recent = row(gap=0)
        line.addLayout(self._recent)
        line.addStretch()
        for title, command in ((tr("A whole folder…"), "batch"), (tr("Train a method…"), "train")):
            line.addWidget(button_of(actions[command], title, "link"))
        self.show_recent([])
        return line

    def show_recent(self, photos: Sequence[Path]) -> None:
        """Offer the first few of these photos."""
        while item := self._recent.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        for photo in photos[:_MOST_RECENT]:
            link = push_button("", partial(self.asked.emit, photo), str(photo), "link")
            link.ensurePolished()  # polish first, or the width is measured in another font
            name = link.fontMetrics().elidedText(photo.name, Qt.TextElideMode.ElideLeft, _WIDEST_NAME)
            link.setText(name.replace("&", "&&"))
            link.setMinimumWidth(link.sizeHint().width())  # so that the layout does not cut it further
            link.setAccessibleName(tr("Open {name}").format(name=photo.name))
            self._recent.addWidget(link)
        self._recent_title.setVisible(bool(photos))

    def show_over(self, over: bool) -> None:
        """Show that dropping here opens the photo."""
        set_property(self.zone, "over", over)
