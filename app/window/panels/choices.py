"""The upper part of the side panel: method, region and faces."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QToolButton

from app.language import marked, tr, trn
from app.window.commands.table import Actions
from app.window.methods import AUTOMATIC, MethodChoice
from app.window.panels.refining import Refining
from app.window.panels.section import Section
from app.window.photos.document import Document
from app.window.photos.open_photo import OpenPhoto
from app.window.photos.photo_state import State
from app.window.session.reading import SMALLEST_FACE
from app.window.widgets.basics import button_of, label, row
from app.window.widgets.calm import Slider
from app.window.widgets.choice_card import Choice, ChoiceCard
from app.window.widgets.segments import Segments

_REGIONS = (
    (
        "auto",
        marked("Auto"),
        marked("Restore the whole photo, and its faces with the method that suits faces best"),
        "",
    ),
    ("faces", marked("Faces"), marked("Restore the chosen faces only; everything else stays as it is"), ""),
    ("whole", marked("Whole"), marked("Restore the whole photo at once, faces like everything else"), ""),
    ("aligned", marked("Close-up"), marked("The photo shows one face and nothing else: restore it as it is"), ""),
)

_LARGEST_SMALLEST_FACE = 200


KNOWN_KERNEL = Choice("kernel", marked("Known kernel…"), marked("Undoes the blur with a kernel from a file."))
BY_AREAS = Choice(
    "areas", marked("Blur areas"), marked("Undoes in each place the blur of the areas that are drawn over the photo.")
)
DRAWN_KERNEL = Choice("drawn", marked("Drawn kernel…"), marked("Undoes the blur with a kernel that you draw."))


class MethodSection(Section):
    """Lets the user choose the method. kernel_asked: the user wants to supply the kernel instead."""

    kernel_asked = Signal()
    drawing_asked = Signal()

    def __init__(self, document: Document, choices: Sequence[MethodChoice], actions: Actions) -> None:
        super().__init__(tr("Method"))
        self._document = document
        self.pin = QToolButton()
        self.pin.setDefaultAction(actions["pin-choices"])
        self.pin.setIconSize(QSize(16, 16))
        self.pin.setFixedSize(28, 28)
        self.pin.setAccessibleName(actions["pin-choices"].text())
        self.heading.addWidget(self.pin)
        self.compare = button_of(actions["compare-methods"], tr("Compare…"), "link")
        self.heading.addWidget(self.compare)
        self.card = ChoiceCard(tr("Method"))
        self.card.setToolTip(tr("Methods differ in what they restore best and in how far they may be trusted"))
        self.refining = Refining(document)
        self.body.addWidget(self.card)
        self.body.addWidget(self.refining)
        self._choices = [_as_choice(choice) for choice in choices]
        self.card.chosen.connect(self._take)
        document.request_changed.connect(self._refresh)
        document.state_changed.connect(self._refresh)
        self._refresh()

    def renew(self, choices: Sequence[MethodChoice]) -> None:
        """Offer other methods."""
        self._choices = [_as_choice(choice) for choice in choices]
        self._refresh()

    def _take(self, choice: str) -> None:
        if choice == KNOWN_KERNEL.id:
            self.kernel_asked.emit()
        elif choice == BY_AREAS.id:
            areas = tuple(dataclasses.replace(area, on=True) for area in self._document.shown.request.areas)
            self._document.shown.change_request(areas=areas)
        elif choice == DRAWN_KERNEL.id:
            self.drawing_asked.emit()
        else:
            self._document.shown.choose_method(choice)
        self._refresh()

    def _refresh(self) -> None:
        request = self._document.shown.request
        known = KNOWN_KERNEL
        if request.kernel:
            known = dataclasses.replace(
                known,
                title=tr("Known kernel"),
                summary=tr("Undoes the blur with the kernel in {file}.").format(file=request.kernel.name),
            )
        own = (known, DRAWN_KERNEL, BY_AREAS) if request.areas else (known, DRAWN_KERNEL)
        self.card.offer([*self._choices, *map(_translated, own)])
        self.card.choose(self._chosen())
        self.card.setEnabled(self._document.shown.state is not State.WORKING)

    def _chosen(self) -> str:
        request = self._document.shown.request
        if request.areas_on:
            return BY_AREAS.id
        if request.kernel:
            return KNOWN_KERNEL.id
        # undo may restore weights that no longer exist
        return request.method if request.method in {choice.id for choice in self._choices} else AUTOMATIC.id


def _as_choice(method: MethodChoice) -> Choice:
    badge = tr("experimental") if method.experimental else ""
    return Choice(method.id, tr(method.title), tr(method.summary), tr(method.reason), badge)


def _translated(choice: Choice) -> Choice:
    return dataclasses.replace(choice, title=tr(choice.title), summary=tr(choice.summary))


class RegionSection(Section):
    """Lets the user choose the region, and says how many faces it contains."""

    def __init__(self, document: Document, choices: Sequence[MethodChoice]) -> None:
        super().__init__(tr("Restore"))
        self._document = document
        self._methods = {choice.id: choice for choice in choices}
        self.segments = Segments(
            [(region, tr(title), tr(tip), icon) for region, title, tip, icon in _REGIONS], tr("Restore")
        )
        self.faces = label("", "caption", wrap=True)
        self.smallest = Slider()
        self.smallest.setRange(SMALLEST_FACE, _LARGEST_SMALLEST_FACE)
        self.smallest.setAccessibleName(tr("Smallest face in px"))
        self.smallest.setToolTip(tr("Smaller faces are left alone, such as those of passers-by"))
        self._smallest_text = label("", "caption")
        size = row(gap=3)
        size.addWidget(self._smallest_text)
        size.addWidget(self.smallest, 1)
        self.body.addWidget(self.segments)
        self.body.addWidget(self.faces)
        self.body.addLayout(size)
        self.smallest.valueChanged.connect(lambda px: document.shown.change_request(smallest_face=px))
        self.segments.chosen.connect(lambda region: document.shown.change_request(region=region))
        for signal in (document.request_changed, document.marks_changed, document.state_changed):
            signal.connect(self._refresh)
        self._refresh()

    def renew(self, choices: Sequence[MethodChoice]) -> None:
        """Use other methods."""
        self._methods = {choice.id: choice for choice in choices}
        self._refresh()

    def _refresh(self) -> None:
        request = self._document.shown.request
        self.segments.choose(request.region)
        self.segments.setEnabled(self._document.shown.state is not State.WORKING)
        by_areas = bool(request.areas_on)
        suited = (AUTOMATIC if request.kernel or by_areas else self._methods.get(request.method, AUTOMATIC)).regions
        for region, _, tip, _ in _REGIONS:
            button = self.segments.button(region)
            can = region in suited and not by_areas
            button.setEnabled(can)
            button.setToolTip(tr(tip) if can else tr("The chosen method does not do that"))
        self.faces.setText(faces_sentence(self._document.shown))
        self.smallest.setValue(request.smallest_face)
        self._smallest_text.setText(tr("Smallest face {size} px").format(size=request.smallest_face))
        self.smallest.setEnabled(self._document.shown.state is not State.WORKING)


def faces_sentence(shown: OpenPhoto) -> str:
    """Say how many faces were found and how many are chosen."""
    if shown.finding_faces:
        return tr("Looking for faces…")
    if shown.state in (State.EMPTY, State.OPENING) or not shown.searched:
        return tr("Faces are found automatically.")
    total = len(shown.marks)
    if total == 0:
        return _with_small(tr("No face found"), shown) + ". " + tr("Shift and drag draws a box round one.")
    chosen = sum(mark.chosen for mark in shown.marks)
    if chosen == total:
        found = trn("One face found", "{count} faces found", total).format(count=total)
        hint = trn("Click it to leave it out.", "Click one to leave it out.", total)
    else:
        found = trn("One face found, {chosen} chosen", "{count} faces found, {chosen} chosen", total)
        found, hint = found.format(count=total, chosen=chosen), tr("Click to change that.")
    return f"{_with_small(found, shown)}. {hint}"


def _with_small(found: str, shown: OpenPhoto) -> str:
    small = shown.too_small
    more = trn("{found}, one more below the smallest size", "{found}, {count} more below the smallest size", small)
    return more.format(found=found, count=small) if small else found
