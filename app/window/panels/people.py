"""Says for each face whether it still looks like the same person; the face that changed most comes first."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.language import marked, number, tr, trn
from app.window.faces.identities import word_for
from app.window.photos.document import Document
from app.window.photos.open_photo import OpenPhoto
from app.window.theme.dressed import Dressed, palette_in_force
from app.window.theme.icons import pixmap
from app.window.theme.tokens import SPACE
from app.window.widgets.basics import column, label

_MOST = 5
_ICON = 16
_TIP = marked(
    "Each restored face is compared with the blurred one by a network that tells people apart; "
    "it cannot know who the blurred face shows"
)


def lines_of(shown: OpenPhoto) -> list[tuple[str, str, str, str]]:
    """Return (tone, face, meaning, figure) for the faces that changed most, with their numbers over the photo."""
    identities = shown.identities
    known = identities.similarities if identities else {}
    found = [(known[mark.box], index) for index, mark in enumerate(shown.marks) if mark.chosen and mark.box in known]
    lines = []
    for similarity, index in sorted(found)[:_MOST]:
        tone, meaning = word_for(similarity)
        lines.append((tone, tr("Face {number}").format(number=index + 1), meaning, number(similarity, 2)))
    return lines


def _tipped(meaning: str, figure: str) -> QLabel:
    """Return a label with the words; its tooltip shows the figure."""
    made = label(meaning, "caption", wrap=True)
    made.setToolTip(tr("Similarity to the blurred face: {figure}; 1 is no change at all").format(figure=figure))
    return made


class People(Dressed, QWidget):
    """Hidden if there is nothing to say. Shows one sentence if the faces cannot be compared."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._lines = QGridLayout()
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setHorizontalSpacing(2 * SPACE)
        self._lines.setVerticalSpacing(SPACE)
        self._lines.setColumnStretch(2, 1)
        self.note = label("", "caption", wrap=True)
        layout = column(self, gap=1)
        layout.addLayout(self._lines)
        layout.addWidget(self.note)
        self.setToolTip(tr(_TIP))
        document.result_changed.connect(self._refresh)
        document.marks_changed.connect(self._refresh)
        self.put_on()

    def _refresh(self) -> None:
        while item := self._lines.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        document = self._document
        lines = lines_of(document.shown) if document.shown.result is not None else []
        for index, (tone, face, meaning, figure) in enumerate(lines):
            for place, part in enumerate((self._picture(tone), label(face), _tipped(meaning, figure))):
                self._lines.addWidget(part, index, place)
        identities = document.shown.identities if document.shown.result is not None else None
        more = len(identities.similarities) - len(lines) if identities else 0
        reason = identities.reason if identities else ""
        self.note.setText(
            reason or trn("One more face changed less.", "{count} more faces changed less.", more).format(count=more)
        )
        self.note.setVisible(bool(reason) or (more > 0 and len(lines) == _MOST))
        self.setVisible(bool(lines) or bool(reason))
        faces = [f"{face}: {meaning}" for _, face, meaning, _ in lines]
        self.setAccessibleDescription("; ".join(faces) or reason)

    def _picture(self, tone: str) -> QLabel:
        picture = QLabel()
        palette = palette_in_force()
        colour = palette.warning if tone == "warning" else palette.accent
        picture.setPixmap(pixmap(tone, colour, _ICON, self.devicePixelRatioF()))
        return picture

    def dress(self) -> None:
        """Use the colours of the theme."""
        self._refresh()
