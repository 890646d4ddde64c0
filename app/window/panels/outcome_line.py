"""The line above the photo: how it was restored, and what can be done next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel

from app.language import tr
from app.trust import trust_in
from app.window.commands.table import Actions
from app.window.panels.steps import sentence_of
from app.window.photos.document import Document
from app.window.photos.photo_state import State
from app.window.photos.summary import what_was_done
from app.window.theme.dressed import Dressed, palette_in_force
from app.window.theme.icons import pixmap
from app.window.widgets.basics import button_of, label, push_button, row, set_property
from engine.kernels.trust import Verdict

_LEAST_WIDTH = 120  # px, of the sentence
_LEAST_HEIGHT = 40  # px, with and without links


class OutcomeLine(Dressed, QFrame):
    """Stays visible from the first run on, so that the photo does not move.

    another_asked: the user wants to choose another method. back_asked: the user wants the earlier choices.
    """

    another_asked = Signal()
    back_asked = Signal()

    def __init__(self, document: Document, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("outcomeLine")
        self.setMinimumHeight(_LEAST_HEIGHT)
        self._document = document
        self._picture = QLabel()
        self.sentence = label("", wrap=True)
        self.sentence.setMinimumWidth(_LEAST_WIDTH)  # or Qt asks for more than there is beside the German links
        another, back = tr("Choose another method for this photo"), tr("Choose again what made this result")
        self.compare = button_of(actions["compare-methods"], tr("Compare"), "link")
        self.another = push_button(tr("Try another"), self.another_asked.emit, another, "link")
        self.back = push_button(tr("Back to its choices"), self.back_asked.emit, back, "link")
        self.again = button_of(actions["deblur"], tr("Run again"), "link")
        layout = row(self, gap=2)
        layout.setContentsMargins(16, 6, 8, 6)
        layout.addWidget(self._picture)
        layout.addWidget(self.sentence, 1)
        for button in (self.compare, self.another, self.back, self.again):
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            layout.addWidget(button)
        for signal in (
            document.result_changed,
            document.request_changed,
            document.marks_changed,
            document.state_changed,
            document.progress_changed,
        ):
            signal.connect(self._refresh)
        self.put_on()

    def _refresh(self) -> None:
        shown, result = self._document.shown, self._document.shown.result
        working = shown.state is State.WORKING
        self.setVisible(working or (result is not None and shown.state is State.READY))
        if working or result is None:
            for button in (self.compare, self.another, self.back, self.again):
                button.hide()
            self.sentence.setText(sentence_of(shown.progress[1]))
            self._tell_tone(True)
            return
        outdated = shown.outdated
        for button, wanted in (
            (self.compare, not outdated),
            (self.another, not outdated),
            (self.back, outdated),
            (self.again, outdated),
        ):
            button.setVisible(wanted)
        done = what_was_done(result)
        trust = trust_in(result.verdict) if result.verdict is not None else None
        if trust is not None and trust.tone == "warning" and not outdated:
            done = tr("{done} Look closely: {short}.").format(done=done, short=trust.short)
        self.sentence.setText(
            tr("{done} You have changed the choices since.").format(done=done) if outdated else done
        )
        self._tell_tone(outdated)

    def _tell_tone(self, outdated: bool) -> None:
        result = self._document.shown.result
        tone = "check" if result is None or result.verdict is None else trust_in(result.verdict).tone
        tone = "info" if outdated or (result is not None and result.verdict is Verdict.UNCHANGED) else tone
        set_property(self, "tone", tone)
        palette = palette_in_force()
        colour = palette.warning if tone == "warning" else palette.accent
        self._picture.setPixmap(pixmap(tone, colour, 20, self.devicePixelRatioF()))
        self.setAccessibleName(self.sentence.text())

    def dress(self) -> None:
        """Use the colours of the theme."""
        self._refresh()
