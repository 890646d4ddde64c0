"""The form for a new run: photos, method and time; and what this machine can do with them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import psutil
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QStackedWidget, QWidget

from app.language import marked, tr, trn
from app.surveying import measured, promised
from app.window import dialogs
from app.window.training.offers import offers
from app.window.training.plan import Plan
from app.window.training.survey_view import SurveyView
from app.window.training.surveyor import Surveyor
from app.window.training.trainings import Trainings
from app.window.widgets.basics import column, label, row
from app.window.widgets.calm import ComboBox, SpinBox
from app.window.widgets.lesson import Lesson
from app.window.widgets.segments import Segments
from training.sources import held_out_of

FEWEST = 10
_MINUTES = 30
_LONGEST = 10_000
_GOOD_PHOTOS = (
    (
        "photo-drop",
        marked("The sharpest photos that you have"),
        marked(
            "In focus to the pixel, little noise, not sharpened afterwards. The program blurs them, and "
            "the method learns to undo that. From soft photos it would learn to make soft results."
        ),
    ),
    (
        "faces",
        marked("Like those that you want to restore"),
        marked("Portraits for portraits, in all kinds of light; many people rather than one in a hundred poses."),
    ),
    (
        "compare",
        marked("At least fifty, better some hundreds"),
        marked(
            "Some are put aside and never trained on. They show whether the new weights are better than "
            "those that came with the program; only then can you use them."
        ),
    ),
)
_PROMISE = marked("Photos and weights stay on this computer. What came with the program is never changed.")


class SetupPage(QWidget):
    """begun: the folder of the run."""

    begun = Signal(object)

    def __init__(self, trainings: Trainings, surveyor: Surveyor, device: str) -> None:
        super().__init__()
        self._trainings, self._device = trainings, device
        self._measured: dict[str, Any] | None = None
        self._to_measure = False
        self._looked_at: Path | None = None
        self._offers = {offer.id: offer for offer in offers()}
        self.folder, self.name = QLineEdit(), QLineEdit()
        self.choose_folder = QPushButton(tr("Choose…"))
        self.method, self.minutes = ComboBox(), SpinBox()
        origins = (
            (
                "shipped",
                tr("The shipped weights"),
                tr("Continues from the weights of the program: best for short trainings"),
                "",
            ),
            ("scratch", tr("Nothing"), tr("Learns everything anew: needs many hours, better a graphics card"), ""),
        )
        self.origin = Segments(origins, tr("Begin with"))
        self.lesson, self.survey = Lesson(_GOOD_PHOTOS, _PROMISE), SurveyView(surveyor)
        self.stack = QStackedWidget()
        self.hint, self.estimate = label("", "caption", wrap=True), label("", "caption", wrap=True)
        self.trouble = label("", "trouble", wrap=True)
        self.start = QPushButton(tr("Start training"))
        self._fill()
        self._lay_out()
        surveyor.refused.connect(self.say)
        self.survey.changed.connect(self._photos_changed)
        trainings.measured.connect(self._take_measure)
        trainings.changed.connect(self._refresh)
        self._method_chosen()

    def _fill(self) -> None:
        for offer in self._offers.values():
            self.method.addItem(tr(offer.title), offer.id)
        self.method.setCurrentIndex(max(0, self.method.findData("wrfn")))
        self.minutes.setRange(1, _LONGEST)
        self.minutes.setValue(_MINUTES)
        self.minutes.setSuffix(tr(" minutes"))
        self.start.setProperty("role", "primary")
        self.folder.setToolTip(tr("The folder whose sharp photos the method learns from; they stay as they are"))
        self.choose_folder.setToolTip(tr("Choose the folder, then see which of its photos are good enough"))
        self.method.setToolTip(tr("The method that learns from the photos"))
        self.minutes.setToolTip(tr("How long it learns; it can be stopped before, and go on later"))
        self.name.setToolTip(tr("What the run, and later its weights among the methods, are called"))
        self.folder.setPlaceholderText(tr("A folder of sharp photos; folders in it count too"))
        self.folder.editingFinished.connect(self._typed)
        self.choose_folder.clicked.connect(self._ask_folder)
        self.method.activated.connect(lambda _: self._method_chosen())
        self.origin.chosen.connect(lambda _: self._remeasure())
        self.minutes.valueChanged.connect(lambda _: self._refresh())
        self.start.clicked.connect(self._start)
        for button in (self.start, self.choose_folder):
            button.setAutoDefault(False)
        for page in (self.lesson, self.survey):
            self.stack.addWidget(page)

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setColumnStretch(3, 1)
        self._line(form, 0, tr("Sharp photos"), self.folder, self.choose_folder)
        for at, (title, field) in enumerate(((tr("Method"), self.method), (tr("Begin with"), self.origin)), 1):
            self._line(form, at, title, field)
        self._line(form, 1, tr("For"), self.minutes, at=2)
        self._line(form, 2, tr("Name"), self.name, at=2)
        bottom = row(gap=4)
        words = column(gap=1)
        words.addWidget(self.estimate)
        words.addWidget(self.trouble)
        bottom.addLayout(words, 1)
        bottom.addWidget(self.start)
        layout = column(self, margin=6, gap=4)
        layout.addWidget(label(tr("Teach a method your photos"), "title"))
        layout.addLayout(form)
        layout.addWidget(self.hint)
        layout.addWidget(self.stack, 1)
        layout.addLayout(bottom)

    def _line(
        self, form: QGridLayout, line: int, title: str, field: QWidget, beside: QWidget | None = None, at: int = 0
    ) -> None:
        form.addWidget(label(title, "muted"), line, at)
        field.setAccessibleName(title)
        if beside is None:
            form.addWidget(field, line, at + 1)
        else:
            both = row(gap=2)
            both.addWidget(field, 1)
            both.addWidget(beside)
            form.addLayout(both, line, at + 1, 1, 3)

    # choices

    def _ask_folder(self) -> None:
        chosen = dialogs.ask_folder(self, Path(self.folder.text()) if self.folder.text() else None)
        if chosen:
            self.choose(chosen)

    def _typed(self) -> None:
        if self.folder.text() and Path(self.folder.text()) != self._looked_at:
            self.choose(Path(self.folder.text()))

    def choose(self, folder: Path) -> None:
        """Use a folder of photos, and survey it."""
        self.folder.setText(str(folder))
        self._looked_at = folder
        self.say("")
        self._measured = None
        self._trainings.cancel_measuring()
        if not folder.is_dir():
            self.say(tr("{folder} is no folder.").format(folder=folder))
            self.stack.setCurrentWidget(self.lesson)
            return
        self.name.setText(f"{folder.name} {time.strftime('%Y-%m-%d')}")
        self.stack.setCurrentWidget(self.survey)
        self.survey.look_through(folder)
        self._refresh()

    def _method_chosen(self) -> None:
        offer = self._offers[self.method.currentData()]
        shipped = self.origin.button("shipped")
        shipped.setEnabled(offer.shipped_samples is not None)
        self.origin.choose("shipped" if offer.shipped_samples is not None else "scratch")
        shipped.setToolTip(
            tr("Continues from the weights of the program: best for short trainings")
            if offer.shipped_samples is not None
            else tr("No weights of this method are shipped")
        )
        text = tr(offer.reason or offer.wish)
        self.hint.setText(text)
        self.hint.setVisible(bool(text))
        self._remeasure()

    def _photos_changed(self) -> None:
        if self._measured is None and not self._trainings.measuring:
            self._to_measure = True
        self._refresh()

    @property
    def _origin(self) -> str:
        return "shipped" if self.origin.button("shipped").isChecked() else "scratch"

    @property
    def plan(self) -> Plan:
        """The current choices."""
        sizes = self._measured or {}
        return Plan(
            name=self.name.text().strip() or self.folder.text(),
            method=self.method.currentData(),
            source=self.folder.text(),
            minutes=float(self.minutes.value()),
            start=self._origin,
            device=self._device,
            crop=sizes.get("crop"),
            batch=sizes.get("batch"),
        )

    # the speed of this machine

    def _remeasure(self) -> None:
        """Measure the speed, if nothing is missing and no run is active."""
        self._measured, self._to_measure = None, True
        self._trainings.cancel_measuring()
        self._refresh()

    def _take_measure(self, found: dict[str, Any] | None) -> None:
        self._measured = found
        self._refresh()

    def _lacking(self) -> str | None:
        """Return a sentence about what is missing, "" if the page shows it already, None if nothing is missing."""
        offer, taken = self._offers[self.method.currentData()], len(self.survey.photos.all_taken)
        if offer.reason:
            return tr(offer.reason)
        if self.stack.currentWidget() is self.lesson or self.survey.surveyor.running:
            return ""
        if taken < FEWEST:
            return tr("At least {count} photos are needed.").format(count=FEWEST)
        return None

    def _refresh(self) -> None:
        lacking = self._lacking()
        busy = self._trainings.active is not None
        if self._to_measure and lacking is None and not busy:
            self._to_measure = False
            self._trainings.measure(self.plan, [look.place for look in self.survey.photos.all_taken])
        self.start.setEnabled(lacking is None and not busy)
        self.start.setToolTip(
            tr("A run is under way; stop it first")
            if busy
            else lacking or tr("Train on the photos used; the window stays free for other work")
        )
        self.estimate.setText(self._estimate() if lacking is None else lacking)
        self.name.setEnabled(self.stack.currentWidget() is self.survey)

    def _estimate(self) -> str:
        taken = self.survey.photos.all_taken
        held_out = held_out_of(len(taken))
        parts = [
            trn(
                "One of them is put aside to judge by.", "{count} of them are put aside to judge by.", held_out
            ).format(count=held_out)
        ]
        found = self._measured
        if found is None:
            text = tr("Measuring how fast this computer trains…") if self._trainings.measuring else ""
            return " ".join([*parts, text]).strip()
        memory = found["memory"] + 2 * sum(look.bytes for look in taken)  # read first, then copied into one array
        rate = found["samples_per_second"]
        parts.append(measured(rate, memory, found["device"]))
        parts.append(promised(rate, self.minutes.value(), self._offers[self.method.currentData()].shipped_samples))
        if "CPU" in found["device"] and memory > psutil.virtual_memory().available:
            parts.append(tr("That is more memory than is free."))
        return " ".join(parts)

    def _start(self) -> None:
        self.say("")
        places = [look.place for look in self.survey.photos.all_taken]
        folder = self._trainings.start(self.plan, places)
        if folder is not None:
            self.begun.emit(folder)

    def say(self, sentence: str) -> None:
        """Show an error, or nothing."""
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))
