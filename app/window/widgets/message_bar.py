"""Messages inside the window: a bar for what must be read, a toast for good news."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QHideEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from app.language import tr
from app.window.theme.dressed import Dressed, palette_in_force
from app.window.theme.icons import icon, pixmap
from app.window.widgets.basics import ElidedLabel, label, row, set_property

_TOAST_MS = 8000


class MessageBar(Dressed, QFrame):
    """Shows one sentence across the window, until it is closed or replaced. Tones: info, warning, error."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self._tone = "info"
        self._picture = QLabel()
        self.text = label(wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._close = QToolButton()
        self._close.setToolTip(tr("Close this message"))
        self._close.setAccessibleName(tr("Close this message"))
        self._close.clicked.connect(self.hide)
        layout = row(self, gap=3)
        layout.setContentsMargins(16, 6, 8, 6)
        layout.addWidget(self._picture)
        layout.addWidget(self.text, 1)
        self.button = QPushButton()
        self.button.setProperty("role", "link")
        self.button.clicked.connect(self._act)
        self._action: Callable[[], object] | None = None
        layout.addWidget(self.button)
        layout.addWidget(self._close)
        self.put_on()
        self.hide()

    def say(self, tone: str, sentence: str, button: str = "", action: Callable[[], object] | None = None) -> None:
        """Show a sentence, with a button if there is an action."""
        self._tone = tone
        self.text.setText(sentence)
        self._action = action
        self.button.setText(button)
        self.button.setVisible(action is not None)
        self.setAccessibleName(sentence)
        set_property(self, "tone", tone)
        self.dress()
        self.show()

    def hide_error(self) -> None:
        """Remove an error message, because something else is tried now."""
        if self._tone == "error":
            self.hide()

    def dress(self) -> None:
        """Use the colours of the theme."""
        palette = palette_in_force()
        colour = {"info": palette.accent, "warning": palette.warning, "error": palette.danger}[self._tone]
        self._picture.setPixmap(pixmap(self._tone, colour, 20, self.devicePixelRatioF()))
        self._close.setIcon(icon("close", palette, 16))
        self._close.setIconSize(QSize(16, 16))

    def _act(self) -> None:
        if self._action:
            self._action()


class Toast(Dressed, QFrame):
    """A quiet note over the bottom of its parent. It disappears by itself, but stays under the pointer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self._parent = parent
        self._picture = QLabel()
        self.text = ElidedLabel()
        self.text.setMaximumWidth(420)
        self.text.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.button = QPushButton()
        self.button.setProperty("role", "link")
        self._action: Callable[[], object] | None = None
        self.button.clicked.connect(self._act)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        layout = row(self, gap=2)
        layout.setContentsMargins(14, 8, 8, 8)
        for part in (self._picture, self.text, self.button):
            layout.addWidget(part)
        parent.installEventFilter(self)
        self.put_on()
        self.hide()

    def say(self, sentence: str, button: str = "", action: Callable[[], object] | None = None) -> None:
        """Show a sentence, with a button if there is an action."""
        self.text.setText(sentence)
        self.button.setText(button)
        self.button.setVisible(action is not None)
        self._action = action
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        self._timer.start(_TOAST_MS)

    def dress(self) -> None:
        """Use the colours of the theme."""
        self._picture.setPixmap(pixmap("check", palette_in_force().accent, 20, self.devicePixelRatioF()))

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Stay while the pointer is over it."""
        del event
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Disappear soon."""
        del event
        self._timer.start(_TOAST_MS // 2)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Stop the timer when hidden."""
        super().hideEvent(event)
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stay at the bottom when the parent changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _act(self) -> None:
        self.hide()
        if self._action:
            self._action()

    def _place(self) -> None:
        parent = self._parent
        self.move((parent.width() - self.width()) // 2, parent.height() - self.height() - 24)
