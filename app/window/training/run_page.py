"""The page of a run: its progress, its results, and the actions on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox, QProgressBar, QPushButton, QWidget

from app.language import marked, number, tr
from app.remaining import duration
from app.window.dialogs import question
from app.window.help.card_dialog import CardDialog
from app.window.training.history import History
from app.window.training.plan import Plan
from app.window.training.samples_view import SamplesView
from app.window.training.trainings import LOG, RunStatus, Trainings
from app.window.training.verdict_view import VerdictView
from app.window.widgets.basics import ElidedLabel, column, label, push_button, row, set_property
from engine.networks.registry import methods

if TYPE_CHECKING:
    from app.window.training.curves import Curves

STATUS_TEXTS = {
    RunStatus.TRAINING: marked("Training"),
    RunStatus.STOPPING: marked("Stopping"),
    RunStatus.ELSEWHERE: marked("Still ending in another window"),
    RunStatus.STOPPED: marked("Stopped"),
    RunStatus.FAILED: marked("Broke off"),
    RunStatus.FINISHED: marked("Finished"),
}

_USE = marked("Add these weights to the methods; nothing is replaced")


class RunPage(QWidget):
    """Shows a run. log_asked: the path of the output of the run's process."""

    log_asked = Signal(object)

    def __init__(self, trainings: Trainings) -> None:
        super().__init__()
        self._trainings = trainings
        self.folder: Path | None = None
        self.name, self.facts = label("", "title"), ElidedLabel("caption")
        self.bar, self.text = QProgressBar(), label("")
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Share of the time that is spent"))
        self.trouble = label("", "trouble", wrap=True)
        self.samples, self.verdict = SamplesView(), VerdictView()
        self.curves: Curves | None = None
        self.stop = push_button(
            tr("Stop"), trainings.stop, tr("Save what was learned and stop; you can continue later")
        )
        self.go_on = push_button(tr("Go on"), self._go_on, tr("Continue training where it stopped"))
        self.use = push_button(tr("Use it"), self._use, tr(_USE))
        self.use_no_more = push_button(
            tr("Stop using it"),
            self._use_no_more,
            tr("Remove these weights from the methods; the run keeps them"),
        )
        self.log = push_button(tr("Log"), self._show_log, tr("The output of the training"))
        self.card = push_button(
            tr("Model card"), self._show_card, tr("What these weights learned from, and how good they are")
        )
        self.remove = push_button(tr("Remove…"), self._ask_and_remove, tr("Remove this run and all that it learned"))
        self._lay_out()
        trainings.changed.connect(self.refresh)

    def _lay_out(self) -> None:
        progress = row(gap=4)
        progress.addWidget(self.bar, 1)
        progress.addWidget(self.text)
        self._middle = row(gap=6)
        self._middle.addWidget(self.samples, 7)
        buttons = row(gap=2)
        for button in (self.remove, self.log, self.card):
            buttons.addWidget(button)
        buttons.addStretch()
        for button in (self.use_no_more, self.go_on, self.stop, self.use):
            buttons.addWidget(button)
        layout = column(self, margin=6, gap=4)
        layout.addWidget(self.name)
        layout.addWidget(self.facts)
        layout.addLayout(progress)
        layout.addWidget(self.trouble)
        layout.addLayout(self._middle, 1)
        layout.addWidget(self.verdict)
        layout.addLayout(buttons)

    def show_run(self, folder: Path) -> None:
        """Show another run."""
        if folder != self.folder:
            self.folder = folder
            self.samples.show_looks([])
        self.refresh()

    def refresh(self) -> None:
        """Show the current state of the run."""
        plan = self._trainings.plan(self.folder) if self.folder is not None else None
        if self.folder is None or plan is None:
            return
        history, status = self._trainings.history(self.folder), self._trainings.status(self.folder)
        used_as = self._trainings.used_as(self.folder)
        self.name.setText(plan.name)
        self.facts.setText(_facts(plan, history))
        self.bar.setValue(round(1000 * history.spent))
        self.text.setText(_progress(plan, history, status))
        self.trouble.setText(self._trainings.failure(self.folder))
        self.trouble.setVisible(status is RunStatus.FAILED)
        self._plots().show_history(history, plan.minutes)
        self.samples.show_looks(history.looks)
        self.verdict.show_history(history, used_as)
        self._refresh_buttons(history, status, used_as)

    def _plots(self) -> Curves:
        """Return the curves, made with the first run: their import is slower than that of the page."""
        if self.curves is None:
            from app.window.training.curves import Curves

            self.curves = Curves()
            self._middle.insertWidget(0, self.curves, 5)
        return self.curves

    def _refresh_buttons(self, history: History, status: RunStatus, used_as: str | None) -> None:
        busy = status in (RunStatus.TRAINING, RunStatus.STOPPING)
        other = self._trainings.active is not None and not busy
        self.stop.setVisible(busy)
        self.stop.setEnabled(status is RunStatus.TRAINING)
        self.go_on.setVisible(status in (RunStatus.STOPPED, RunStatus.FAILED, RunStatus.ELSEWHERE))
        self.go_on.setEnabled(status is not RunStatus.ELSEWHERE and not other)
        self.go_on.setToolTip(
            tr("Another run is under way; stop it first") if other else tr("Continue training where it stopped")
        )
        self.remove.setEnabled(not busy and status is not RunStatus.ELSEWHERE)
        self.card.setEnabled(history.card is not None)
        self.use_no_more.setVisible(used_as is not None)
        self.use.setVisible(not busy and used_as is None)
        self.use.setEnabled(history.card is not None and history.better)
        self.use.setToolTip(_why_not(history) or tr(_USE))
        for button, primary in ((self.use, self.use.isEnabled()), (self.go_on, not self.use.isEnabled())):
            _emphasise(button, primary)

    # actions

    def _go_on(self) -> None:
        if self.folder is not None:
            self._trainings.go_on(self.folder)

    def _use(self) -> None:
        if self.folder is not None:
            self._trainings.use(self.folder)

    def _use_no_more(self) -> None:
        if self.folder is not None:
            self._trainings.use_no_more(self.folder)

    def _show_log(self) -> None:
        if self.folder is not None:
            self.log_asked.emit(self.folder / LOG)

    def _show_card(self) -> None:
        card = self._trainings.card(self.folder) if self.folder is not None else None
        if card is not None:
            dialog = CardDialog(card, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def _ask_and_remove(self) -> None:
        if self.folder is not None and ask_removal(self, self.name.text()):
            self._trainings.remove(self.folder)


def ask_removal(parent: QWidget, name: str) -> bool:
    """Ask whether to delete a run for good."""
    more = tr("Everything it learned is deleted. Weights that are in use stay among the methods.")
    box = question(parent, tr("Remove a run"), tr("Remove the run “{name}”?").format(name=name), more)
    remove = box.addButton(tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole))
    box.exec()
    return box.clickedButton() is remove


def _emphasise(button: QPushButton, primary: bool) -> None:
    role = "primary" if primary else ""
    if button.property("role") != role:
        set_property(button, "role", role)


def _facts(plan: Plan, history: History) -> str:
    method = methods().get(plan.method)
    title = tr(method.title) if method is not None else plan.method
    origin = tr("from the shipped weights") if plan.start == "shipped" else tr("from nothing")
    text = tr("{method}, {origin}").format(method=title, origin=origin)
    if not history.begun:
        return f"{text}  ·  {plan.source}"
    photos = tr("{photos} photos to learn from, {held_out} to judge by").format(
        photos=number(history.photos), held_out=number(history.held_out)
    )
    return f"{text}  ·  {photos}  ·  {history.device}"


def _progress(plan: Plan, history: History, status: RunStatus) -> str:
    if status is RunStatus.TRAINING and not history.minutes:
        return tr("Reading the photos…")
    parts = [
        tr("{done} of {minutes} minutes").format(done=number(history.minutes), minutes=number(plan.minutes)),
        tr("{samples} samples").format(samples=number(history.samples)),
    ]
    if status is RunStatus.TRAINING:
        if history.rate is not None:
            parts.append(tr("{rate} a second").format(rate=number(history.rate, 1)))
        left = history.seconds_left
        if left is not None:
            parts.append(tr("{time} left").format(time=duration(left)))
    else:
        parts.insert(0, tr(STATUS_TEXTS[status]))
    return "  ·  ".join(parts)


def _why_not(history: History) -> str:
    if history.card is None:
        return tr("There are no weights yet: they come when the run ends or is stopped")
    return "" if history.better else tr("They are not better than the current weights")
