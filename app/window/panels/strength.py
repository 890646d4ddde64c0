"""How much of the result covers the original, for the photo and for each face, and how calm its plain areas are.

All of it takes effect at once.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QSlider, QWidget

from app.language import percent, tr
from app.window.panels.section import Folded, Section
from app.window.photos.document import Document
from app.window.widgets.basics import label, push_button, row
from app.window.widgets.calm import Slider

_NUMBER_WIDTH = 20


def strength_slider(name: str) -> QSlider:
    """Return a slider from 0 to 100 %."""
    slider = Slider()
    slider.setRange(0, 100)
    slider.setPageStep(10)
    slider.setAccessibleName(name)
    return slider


class StrengthSection(Section):
    """Holds the photo's strength, the choice of fine detail only, and each face's own strength."""

    def __init__(self, document: Document) -> None:
        super().__init__(tr("Strength"))
        self._document = document
        self.slider = strength_slider(tr("Strength in per cent"))
        self.slider.setToolTip(tr("0% is the original, 100% the full result; blends at once"))
        self.fine = QCheckBox(tr("Fine detail only, tones stay"))
        self.fine.setToolTip(tr("Take only fine detail from the result: tones and colours stay the photo's own"))
        self.faces = FaceStrengths(document)
        self.body.addWidget(self.slider)
        self.body.addWidget(self.fine)
        self.body.addWidget(self.faces)
        self.slider.valueChanged.connect(lambda value: document.shown.change_request(strength=value / 100))
        self.fine.toggled.connect(lambda fine: document.shown.change_request(high_frequencies_only=fine))
        document.request_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        request = self._document.shown.request
        per_cent = round(request.strength * 100)
        self.slider.setValue(per_cent)
        self.aside.setText(percent(request.strength))
        self.fine.setChecked(request.high_frequencies_only)


class GrainSection(Section):
    """How much of grain and ringing is held down in plain areas; what the two ends mean stands below the slider."""

    def __init__(self, document: Document) -> None:
        super().__init__(tr("Grain"))
        self._document = document
        self.slider = strength_slider(tr("Grain held down, in per cent"))
        self.slider.setToolTip(
            tr("Calms grain and ringing in plain areas such as skies and walls; edges and textures stay as restored")
        )
        self.body.addWidget(self.slider)
        ends = row(gap=2)
        ends.addWidget(label(tr("As restored"), "muted"))
        ends.addStretch()
        ends.addWidget(label(tr("Plain areas calm"), "muted"))
        self.body.addLayout(ends)
        self.slider.valueChanged.connect(lambda value: document.shown.change_request(grain=value / 100))
        document.request_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        grain = self._document.shown.request.grain
        self.slider.setValue(round(grain * 100))
        self.aside.setText(percent(grain))


class _FaceRow(QWidget):
    """One face: its number, a slider, its percentage."""

    def __init__(self, document: Document, index: int) -> None:
        super().__init__()
        self._document = document
        self._index = index
        number, self.figure = label(str(index + 1), "section"), label("", "figure")
        number.setFixedWidth(_NUMBER_WIDTH)
        self.figure.ensurePolished()
        texts = (tr("as photo"), percent(1))
        self.figure.setFixedWidth(max(self.figure.fontMetrics().horizontalAdvance(text) for text in texts))
        self.figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.slider = strength_slider(tr("Strength of face {number} in per cent").format(number=index + 1))
        self.slider.setToolTip(tr("A strength for this face alone"))
        self.slider.valueChanged.connect(self._take)
        layout = row(self, gap=2)
        for part in (number, self.slider, self.figure):
            layout.addWidget(part)

    def _take(self, value: int) -> None:
        self._document.shown.change_mark(self._index, strength=value / 100)

    def refresh(self) -> None:
        """Show the face's own strength, or the photo's if it has none."""
        own = self._document.shown.marks[self._index].strength
        strength = self._document.shown.request.strength if own is None else own
        self.slider.blockSignals(True)
        self.slider.setValue(round(strength * 100))
        self.slider.blockSignals(False)
        self.figure.setText(tr("as photo") if own is None else percent(own))


class FaceStrengths(Folded):
    """Holds a row for each face; folded at first."""

    def __init__(self, document: Document) -> None:
        super().__init__(tr("Each face"), tr("Blend single faces less or more than the rest of the photo"))
        self._document = document
        self.rows: list[_FaceRow] = []
        again = tr("Give every face the strength of the photo again")
        self.reset = push_button(tr("All as the photo"), lambda: document.shown.forget_own_strengths(), again, "link")
        below = row(gap=0)
        below.addStretch()
        below.addWidget(self.reset)
        self.body.addLayout(below)
        document.marks_changed.connect(self._refresh)
        document.request_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        count = len(self._document.shown.marks)
        while len(self.rows) > count:
            self.rows.pop().deleteLater()
        while len(self.rows) < count:
            self.rows.append(_FaceRow(self._document, len(self.rows)))
            self.body.insertWidget(len(self.rows) - 1, self.rows[-1])
        for face_row in self.rows:
            face_row.refresh()
        self.setVisible(count > 0)
        self.reset.setVisible(bool(self._document.shown.own_strengths))
