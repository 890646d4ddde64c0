"""The notice while a photo is read; a large one takes some seconds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from app.language import tr
from app.window.photos.document import Document
from app.window.photos.photo_state import State
from app.window.widgets.basics import ElidedLabel, column

_AFTER = 250  # ms; a photo that opens faster needs no notice
_WIDTH = 320  # px


class Loading(QFrame):
    """Shows a name and a bar in the middle of the view, shortly after a photo is requested until it is read."""

    def __init__(self, document: Document, view: QWidget) -> None:
        super().__init__(view)
        self.setObjectName("toast")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedWidth(_WIDTH)
        self._document, self._view = document, view
        self.words = ElidedLabel()
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)  # the progress of reading is not known
        self._bar.setTextVisible(False)
        layout = column(self, margin=4, gap=3)
        layout.addWidget(self.words)
        layout.addWidget(self._bar)
        self.hide()
        self._wait = QTimer(view, singleShot=True, interval=_AFTER)
        self._wait.timeout.connect(self._appear)
        document.state_changed.connect(self._follow)
        view.installEventFilter(self)

    def _follow(self) -> None:
        path = self._document.shown.path
        if self._document.shown.state is State.OPENING and path is not None:
            self.words.setText(tr("Opening {name}…").format(name=path.name))
            self._wait.start()
        else:
            self._wait.stop()
            self.hide()

    def _appear(self) -> None:
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        self.move(self._view.rect().center() - self.rect().center())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stay in the middle when the view changes its size; hide with the view."""
        del watched
        if event.type() == QEvent.Type.Resize:
            self._place()
        elif event.type() == QEvent.Type.Hide:
            self._wait.stop()
        return False
