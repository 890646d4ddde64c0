"""The lower part of the side panel: how far the result can be trusted, its kernel, how it was made."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton

from app.language import marked, number, tr, translated
from app.trust import explanation_of, trust_in
from app.window.kernels.facts import kernel_facts
from app.window.methods import title_of
from app.window.panels.people import People
from app.window.panels.section import Folded, Section
from app.window.photos.document import Document
from app.window.theme.dressed import Dressed, palette_in_force
from app.window.theme.icons import pixmap
from app.window.theme.tokens import SPACE
from app.window.widgets.basics import column, label, push_button, row
from app.window.widgets.kernel_view import KernelView
from engine.kernels.kernel import Kernel
from engine.kernels.trust import Verdict
from engine.networks.registry import known_method
from engine.result import Result

_STEPS = {
    "faces": marked("Faces"),
    "shaken": marked("Shake"),
    "area": marked("Areas"),
    "prepare": marked("Prepare"),
    "restore": marked("Restore"),
    "kernel": marked("Kernel"),
    "backend": marked("Backend"),
}
_LONG = 24
_UNDER_THE_SENTENCE = 21
"""Left margin of a link in px, so that its words start under those of the sentence."""


class TrustSection(Dressed, Section):
    """Says how well the result explains the photo, and shows the error as a map on request."""

    map_asked = Signal(bool)
    sources_asked = Signal(bool)

    def __init__(self, document: Document) -> None:
        super().__init__(tr("Trust"))
        self._document = document
        self._picture = QLabel()
        self.sentence = label("", wrap=True)
        line = row(gap=2)
        line.addWidget(self._picture)
        line.addWidget(self.sentence, 1)
        self.body.addLayout(line)
        self.advice = label("", "caption", wrap=True)
        self.advice.setContentsMargins(_UNDER_THE_SENTENCE + 6, 0, 0, 0)
        self.body.addWidget(self.advice)
        self.button, self.sources = QPushButton(), QPushButton()
        self.button.setToolTip(
            tr("Amber marks where the result, blurred again, differs from the photo by more than noise")
        )
        self.sources.setToolTip(
            tr("Blue: rather made by the blur that was found; amber: rather by a network, which may invent")
        )
        for button, asked in ((self.button, self.map_asked), (self.sources, self.sources_asked)):
            button.setProperty("role", "link")
            button.setCheckable(True)
            button.clicked.connect(asked)
            below = row(gap=0)
            below.addSpacing(_UNDER_THE_SENTENCE)
            below.addWidget(button)
            below.addStretch()
            self.body.addLayout(below)
        self.people = People(document)
        self.body.addWidget(self.people)
        self.sentence.setToolTip(tr("The result is blurred again and compared with the photo"))
        document.result_changed.connect(self._refresh)
        document.picture_changed.connect(self._show_map_state)
        self.put_on()

    def _show_map_state(self) -> None:
        layer, result = self._document.shown.result_map, self._document.shown.result
        of_sources = layer is not None and layer.of_sources
        shown = layer is not None and not of_sources
        self.button.setChecked(shown)
        self.button.setText(tr("Hide the map") if shown else tr("Show where"))
        self.sources.setVisible(result is not None and result.taken is not None)
        self.sources.setChecked(of_sources)
        self.sources.setText(tr("Hide the map") if of_sources else tr("Show what came from where"))

    def _refresh(self) -> None:
        result = self._document.shown.result
        self.setVisible(result is not None)
        if result is None:
            return
        part = explanation_of(result)
        unchanged = part is not None and part.verdict is Verdict.UNCHANGED
        self.button.setVisible(result.relation is not None and not unchanged)
        self._show_map_state()
        said = trust_in(part.verdict if part else None)
        self.sentence.setText(said.sentence)
        self.advice.setText(said.advice)
        self.advice.setVisible(bool(said.advice))
        palette = palette_in_force()
        colour = palette.warning if said.tone == "warning" else palette.accent
        self._picture.setPixmap(pixmap(said.tone, colour, 20, self.devicePixelRatioF()))

    def dress(self) -> None:
        """Use the colours of the theme."""
        self._refresh()


class KernelSection(Section):
    """Shows the kernel: how the camera moved. edit_asked: the user wants to correct it by hand."""

    save_asked = Signal(object)
    edit_asked = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__(tr("Blur kernel"))
        self._document = document
        self.view = KernelView()
        self.view.setToolTip(tr("What became of a point of light: the path of the camera during the exposure"))
        self.facts = label("", wrap=True)
        self.note = label("", "caption", wrap=True)
        keep = tr("Keep the kernel as a picture (PNG) or as numbers (NPY)")
        self.button = push_button(tr("Save kernel…"), lambda: self.save_asked.emit(self.kernel), keep)
        beside = column(gap=2)
        beside.addWidget(self.facts)
        beside.addWidget(self.note)
        beside.addStretch(1)
        by_hand = tr("Correct this kernel by hand, and deblur with it")
        self.edit = push_button(tr("Edit…"), self.edit_asked.emit, by_hand)
        beside.addWidget(self.edit)
        beside.addWidget(self.button)
        line = row(gap=3)
        line.addWidget(self.view, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(beside, 1)
        self.body.addLayout(line)
        self.kernel: Kernel | None = None
        document.result_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        result = self._document.shown.result
        part = explanation_of(result) if result else None
        self.kernel = part.kernel if part else None
        self.setVisible(self.kernel is not None)
        self.view.show_kernel(self.kernel)
        if self.kernel is None or result is None:
            return
        facts = kernel_facts(self.kernel)
        self.facts.setText(f"{facts.extent[0]} × {facts.extent[1]} px")
        direction = (
            tr("No main direction")
            if facts.direction is None
            else tr("Mainly at {degrees}°").format(degrees=facts.direction)
        )
        whose = "" if result.kernel is not None else "\n" + tr("Of the first face")
        if len([area for area in result.areas if area.on]) > 1:
            whose = "\n" + tr("Of the first area")
        self.note.setText(direction + whose)
        self.view.setAccessibleDescription(facts.sentence())


class DetailsSection(Folded):
    """Shows method, device, seconds of each step, and every fallback with its reason."""

    def __init__(self, document: Document) -> None:
        super().__init__(tr("Details"), tr("Method, device, time of each step, and what did not go as planned"))
        self._document = document
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(3 * SPACE)
        self._lines.setVerticalSpacing(SPACE)
        self._lines.setColumnStretch(0, 1)
        self.notes = label("", "caption", wrap=True)
        self.body.addLayout(self._lines)
        self.body.addWidget(self.notes)
        document.result_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        result = self._document.shown.result
        self.setVisible(result is not None)
        while item := self._lines.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        if result is None:
            return
        for index, (what, how) in enumerate(details_of(result)):
            self._lines.addWidget(label(what, "caption"), index, 0)
            told_how = label(how, "caption", wrap=len(how) > _LONG)
            told_how.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._lines.addWidget(told_how, index, 1)
        self.notes.setText("\n".join(map(translated, result.notes)))
        self.notes.setVisible(bool(result.notes))


def details_of(result: Result) -> list[tuple[str, str]]:
    """Return the method, the device and the time of each step."""
    lines = [(tr("Method"), title_of(result.method)), (tr("Device"), result.device)]
    method = known_method(result.method)
    if method is not None:
        lines.insert(1, (tr("Paper"), method.paper))
    part = explanation_of(result)
    if part is not None and part.residual is not None:
        lines.append((tr("Mismatch with the photo (1 is noise alone)"), number(part.residual, 2)))
    for step, seconds in result.seconds.items():
        lines.append((tr(_STEPS.get(step, step)), f"{number(seconds, 2)} s"))
    if result.seconds:
        lines.append((tr("Together"), f"{number(sum(result.seconds.values()), 2)} s"))
    return lines
