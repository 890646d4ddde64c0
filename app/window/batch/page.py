"""The batch page: folders and choices above, the result of each photo below."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHeaderView,
    QProgressBar,
    QStackedWidget,
    QTableView,
    QWidget,
)

from app.batch.report import write_report
from app.language import marked, number, tr, translated
from app.remaining import duration
from app.settings import Settings
from app.window.batch.form import BatchForm
from app.window.batch.photo_cell import PhotoCell
from app.window.batch.pictures import SIDE
from app.window.batch.runner import BatchRunner
from app.window.batch.table import LookFirst
from app.window.methods import MethodChoice, title_of
from app.window.photos.document import Document
from app.window.theme.tokens import SPACE
from app.window.widgets.basics import ElidedLabel, column, label, push_button, row
from app.window.widgets.dropping import FolderDrop
from app.window.widgets.lesson import Lesson
from app.window.widgets.page import Page
from engine.errors import UserError
from engine.networks.registry import methods
from engine.photos.naming import with_ending

_STEPS = (
    (
        "folder",
        marked("Choose or drop a folder"),
        marked("One preset restores every photo in it, and in its subfolders if you like."),
    ),
    (
        "check",
        marked("Let it run"),
        marked("Pause it, cancel it, or close the window: it continues where it stopped, even after a power cut."),
    ),
    (
        "warning",
        marked("Look at what failed"),
        marked("A photo that cannot be restored is a red line with the reason; the others go on."),
    ),
)
_PROMISE = marked("Originals are never changed, and no result is written over an existing file.")
_REPORTS = marked("Table (*.csv);;JSON (*.json)")


class BatchPage(Page):
    """Runs a batch without blocking the window: photos can be viewed and restored meanwhile.

    look_asked: the user wants to see a photo and its result; carries both paths, None if there is no result.
    """

    look_asked = Signal(object, object)

    def __init__(
        self,
        runner: BatchRunner,
        document: Document,
        settings: Settings,
        choices: Sequence[MethodChoice],
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(tr("Batch – Acutance"))
        self.resize(900, 760)
        self.runner, self._settings = runner, settings
        self.form = BatchForm(document, settings, choices)
        self.table, self.lesson, self.stack = QTableView(), Lesson(_STEPS, _PROMISE), QStackedWidget()
        self.bar, self.text, self.trouble = QProgressBar(), ElidedLabel("caption"), label("", "trouble", wrap=True)
        self.start = push_button(tr("Start"), self._start, tr("Restore every photo that is not done yet"))
        self.pause = push_button(tr("Pause"), self._pause, tr("Start no further photo until you continue"))
        self.cancel = push_button(tr("Cancel"), runner.cancel, tr("Stop; a later start goes on where it was"))
        self.retry = push_button(tr("Retry failed"), lambda: self._start(True), tr("Try the failed photos again"))
        self.report = push_button(
            tr("Save report…"), self._save_report, tr("What became of each photo, as CSV or JSON")
        )
        self.start.setProperty("role", "primary")
        self._fill()
        self._lay_out()
        self.form.recall(settings["batch"])
        self._prepare()
        self._drop = FolderDrop(self, self._dropped)
        self.form.changed.connect(self._prepare)
        runner.changed.connect(self._refresh)
        runner.refused.connect(self._say)
        runner.ended.connect(lambda: self._remember(False))
        self._refresh()

    def _fill(self) -> None:
        self.bar.setTextVisible(False)
        self.trouble.hide()
        for part in (self.lesson, self.table):
            self.stack.addWidget(part)
        self.order = LookFirst(self.runner.table)
        self.table.setModel(self.order)
        self.table.setItemDelegateForColumn(0, PhotoCell(self.table))
        self.table.setIconSize(QSize(SIDE, SIDE))
        self.table.verticalHeader().setDefaultSectionSize(SIDE + 8)
        self.table.doubleClicked.connect(self._look_at)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            keyed = QShortcut(QKeySequence(key), self.table, context=Qt.ShortcutContext.WidgetShortcut)
            keyed.activated.connect(lambda: self._look_at(self.table.currentIndex()))
        self.table.setToolTip(tr("A double click, or Enter, shows the photo before and after"))
        self.table.setAccessibleName(tr("Photos of the batch"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.ensurePolished()
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(0, 320)
        titles = self.table.fontMetrics()
        widest = max(titles.horizontalAdvance(title_of(identity)) for identity in methods())
        header.resizeSection(2, max(190, widest + 4 * SPACE))
        header.resizeSection(3, 90)

    def _lay_out(self) -> None:
        progress = row(gap=3)
        progress.addWidget(self.bar, 1)
        progress.addWidget(self.text)
        buttons = row(gap=2)
        for button in (self.report, self.retry):
            buttons.addWidget(button)
        buttons.addStretch()
        for button in (self.cancel, self.pause, self.start):
            buttons.addWidget(button)
        layout = column(self, margin=6, gap=4)
        layout.addWidget(label(tr("Batch"), "title"))
        layout.addWidget(self.form)
        layout.addWidget(self.trouble)
        layout.addWidget(self.stack, 1)
        layout.addLayout(progress)
        layout.addLayout(buttons)

    # choices

    def _look_at(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        found = self.order.row_at(index)
        plan = self.runner.plan
        done = found.state == "done" and found.entry is not None and plan is not None
        result = plan.output / found.entry.output if done and plan and found.entry else None
        self.look_asked.emit(found.path, result)

    def _dropped(self, folder: Path) -> None:
        if not self.runner.running:
            self.choose(folder)

    def choose(self, folder: Path, only: tuple[Path, ...] = ()) -> None:
        """Use a folder of photos, or only some of its photos."""
        self.form.choose(folder, only)

    def _prepare(self) -> None:
        """List the photos of the plan, unless they are listed already. List none if the plan is unusable."""
        if self.runner.running:
            return
        self._say("")
        try:
            plan = self.form.plan() if self.form.complete else None
        except UserError as error:
            plan = None
            self._say(translated(error))
        if plan is None:
            self.runner.forget()
        elif plan != self.runner.plan or not self.runner.listed:
            self.runner.prepare(plan)

    def event(self, event: QEvent) -> bool:
        """Read the presets and the window's choices again each time the page becomes active."""
        if event.type() == QEvent.Type.WindowActivate and not self.runner.running:
            self.form.list_presets()
            self._prepare()
        return super().event(event)

    def _remember(self, running: bool) -> None:
        unfinished = running or self.runner.table.count("waiting") > 0
        self._settings.change(batch={**self.form.kept(), "unfinished": unfinished})

    # what the page does

    def _start(self, only_failed: bool = False) -> None:
        self._say("")
        self.runner.start(only_failed, self._settings["scheduler"])
        self._remember(True)

    def _pause(self) -> None:
        control = self.runner.control
        if control is not None:
            self.runner.pause(not control.paused)

    def _save_report(self) -> None:
        suggestion = str(Path(self.form.output.text()) / "report.csv")
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Save report"), suggestion, tr(_REPORTS))
        if chosen:
            path = Path(chosen)
            try:
                write_report(self.runner.table.entries, with_ending(path, ".csv", (".csv", ".json")))
            except UserError as error:
                self._say(translated(error))

    def _say(self, sentence: str) -> None:
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))

    def _refresh(self) -> None:
        table, running = self.runner.table, self.runner.running
        done, failed, waiting = (table.count(state) for state in ("done", "failed", "waiting"))
        paused = self.runner.control is not None and self.runner.control.paused
        self.form.setEnabled(not running)
        self.start.setEnabled(not running and self.runner.listed and waiting > 0)
        self.start.setText(tr("Go on") if done or failed else tr("Start"))
        self.pause.setVisible(running)
        self.pause.setText(tr("Go on") if paused else tr("Pause"))
        self.cancel.setVisible(running)
        self.start.setVisible(not running)
        self.retry.setEnabled(not running and failed > 0)
        self.report.setEnabled(not running and done + failed > 0)
        self.bar.setRange(0, max(1, len(table.rows)) * 1000)
        self.bar.setValue(round(1000 * (done + failed + sum(r.share for r in table.rows if r.state == "working"))))
        self.text.setText(self._sentence(done, failed, waiting, paused))
        self.bar.setVisible(bool(table.rows))
        self.stack.setCurrentWidget(self.table if table.rows else self.lesson)

    def _sentence(self, done: int, failed: int, waiting: int, paused: bool) -> str:
        if not self.runner.table.rows:
            return tr("Choose a folder of photos.")
        text = tr("{done} done, {failed} failed, {waiting} waiting")
        text = text.format(done=number(done), failed=number(failed), waiting=number(waiting))
        left = self.runner.table.seconds_left()
        if paused:
            return tr("{text}; paused").format(text=text)
        if not self.runner.running or left is None:
            return text
        return tr("{text}; {time} left").format(text=text, time=duration(left))
