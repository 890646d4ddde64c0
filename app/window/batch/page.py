"""The batch page: from which folder, into which, how; what became of each photo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHeaderView,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTableView,
    QWidget,
)

from app import presets
from app.batch.plan import Plan
from app.batch.report import write_report
from app.language import marked, number, told, tr
from app.settings import Settings
from app.window import dialogs
from app.window.batch.runner import BatchRunner
from app.window.document import Document
from app.window.theme.tokens import Palette
from app.window.widgets.basics import ElidedLabel, column, label, row
from app.window.widgets.dropping import FolderDrop
from app.window.widgets.lesson import Lesson
from engine.errors import UserError
from engine.photos.naming import check_template

_NOW = marked("As chosen in the window now")
_FACES = (
    ("", marked("As the preset says")),
    ("auto", marked("Whole photo, and its faces with the best method")),
    ("faces", marked("Faces only")),
    ("whole", marked("Whole photo, faces like everything else")),
)
_STEPS = (
    (
        "folder",
        marked("Choose or drop a folder"),
        marked("Every photo in it is restored by one preset, subfolders too if you like."),
    ),
    (
        "check",
        marked("Let it run"),
        marked("Pause it, cancel it, close the window: it goes on where it was, even after a power cut."),
    ),
    (
        "warning",
        marked("Look at what failed"),
        marked("A photo that cannot be restored is a red line with the reason; the others go on."),
    ),
)
_PROMISE = marked("Originals are never changed, and no result is written over an existing file.")
_REPORTS = marked("Table (*.csv);;JSON (*.json)")


class BatchPage(QDialog):
    """Not modal: photos can be looked at and restored while it runs."""

    def __init__(self, runner: BatchRunner, document: Document, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(tr("Batch – Acutance"))
        self.resize(900, 680)
        self.runner, self._document, self._settings = runner, document, settings
        self.folder, self.output, self.template = QLineEdit(), QLineEdit(), QLineEdit()
        self.recursive = QCheckBox(tr("Subfolders too"))
        self.recursive.setToolTip(tr("Results keep the subfolders that their photos lie in"))
        self.preset, self.faces = QComboBox(), QComboBox()
        self.table, self.lesson, self.stack = QTableView(), Lesson(_STEPS, _PROMISE), QStackedWidget()
        self.bar, self.text, self.trouble = QProgressBar(), ElidedLabel("caption"), label("", "trouble", wrap=True)
        self.start = self._button(tr("Start"), self._start, tr("Restore every photo that is not done yet"))
        self.pause = self._button(tr("Pause"), self._pause, tr("Begin no further photo until you go on"))
        self.cancel = self._button(tr("Cancel"), runner.cancel, tr("Stop; a later start goes on where it was"))
        self.retry = self._button(tr("Retry failed"), lambda: self._start(True), tr("Do those again that failed"))
        self.report = self._button(
            tr("Save report…"), self._save_report, tr("What became of each photo, as CSV or JSON")
        )
        self.start.setProperty("role", "primary")
        self._fill()
        self._lay_out()
        self._recall()
        self._drop = FolderDrop(self, self._dropped)
        runner.changed.connect(self._refresh)
        runner.refused.connect(self._say)
        runner.ended.connect(lambda: self._remember(False))
        self._refresh()

    def _button(self, text: str, act: Callable[[], object], tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: act())
        return button

    def _fill(self) -> None:
        self.preset.addItems([tr(_NOW), *presets.preset_names()])
        for region, title in _FACES:
            self.faces.addItem(tr(title), region)
        self.template.setText(self._settings["output_name"])
        self.bar.setTextVisible(False)
        self.trouble.hide()
        self.template.setToolTip(tr("{name} stands for the photo's name, {method} for the method's"))
        self.preset.setToolTip(tr("Method, strength and smallest face of every photo"))
        self.faces.setToolTip(tr("What of every photo is restored"))
        self.folder.setToolTip(tr("The folder whose photos are restored; they stay as they are"))
        self.output.setToolTip(tr("The folder that gets a file for each restored photo"))
        for field in (self.folder, self.output):
            field.setPlaceholderText(tr("A folder; choose it, type it, or drop it here"))
        for part in (self.lesson, self.table):
            self.stack.addWidget(part)
        self.table.setModel(self.runner.table)
        self.table.setAccessibleName(tr("Photos of the batch"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(0, 320)
        header.resizeSection(2, 90)
        for field in (self.folder, self.output, self.template):
            field.editingFinished.connect(self._prepare)
        self.recursive.setChecked(True)
        self.recursive.toggled.connect(self._prepare)
        for combo in (self.preset, self.faces):
            combo.activated.connect(self._prepare)

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setColumnStretch(1, 1)
        self._line(
            form,
            tr("Photos in"),
            self.folder,
            self._button(tr("Choose…"), self._ask_folder, tr("The folder to restore")),
        )
        self._line(form, "", self.recursive)
        self._line(
            form,
            tr("Results into"),
            self.output,
            self._button(tr("Choose…"), self._ask_output, tr("Where results go")),
        )
        self._line(form, tr("Names"), self.template)
        self._line(form, tr("Preset"), self.preset)
        self._line(form, tr("Restore"), self.faces)
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
        layout.addLayout(form)
        layout.addWidget(self.trouble)
        layout.addWidget(self.stack, 1)
        layout.addLayout(progress)
        layout.addLayout(buttons)

    def _line(self, form: QGridLayout, title: str, field: QWidget, beside: QWidget | None = None) -> None:
        at = form.rowCount()
        form.addWidget(label(title, "muted"), at, 0)
        form.addWidget(field, at, 1)
        field.setAccessibleName(title or tr("Subfolders too"))
        if beside is not None:
            form.addWidget(beside, at, 2)

    # choices

    def _ask_folder(self) -> None:
        chosen = dialogs.ask_folder(self, Path(self.folder.text()) if self.folder.text() else None)
        if chosen:
            self.choose(chosen)

    def _dropped(self, folder: Path) -> None:
        if not self.runner.running:
            self.choose(folder)

    def choose(self, folder: Path) -> None:
        """Take a folder of photos; results go into one beside it unless another was chosen."""
        self.folder.setText(str(folder))
        if not self.output.text():
            self.output.setText(str(folder.with_name(f"{folder.name} acutance")))
        self._prepare()

    def _ask_output(self) -> None:
        chosen = dialogs.ask_folder(
            self, Path(self.output.text()) if self.output.text() else None, tr("Results into")
        )
        if chosen:
            self.output.setText(str(chosen))
            self._prepare()

    def _plan(self) -> Plan:
        named = self.preset.currentText()
        request = self._document.request if self.preset.currentIndex() == 0 else presets.load_preset(named)
        request = replace(request, photo=None, faces=None, **self._document.place)
        if self.faces.currentData():
            request = replace(request, region=self.faces.currentData())
        template = check_template(self.template.text())
        quality = self._settings["quality"] or None
        folders = Path(self.folder.text()), Path(self.output.text())
        gps = self._settings["gps"] == "keep"
        return Plan(request, *folders, self.recursive.isChecked(), template, quality, gps)

    def _prepare(self) -> None:
        if self.runner.running or not self.folder.text() or not self.output.text():
            return
        self._say("")
        try:
            self.runner.prepare(self._plan())
        except UserError as error:
            self._say(told(error))

    def _recall(self) -> None:
        kept = self._settings["batch"]
        for key, field in (("folder", self.folder), ("output", self.output), ("template", self.template)):
            if isinstance(kept.get(key), str):
                field.setText(kept[key])
        self.recursive.setChecked(bool(kept.get("recursive", True)))
        self.preset.setCurrentIndex(max(0, self.preset.findText(str(kept.get("preset", "")))))
        self.faces.setCurrentIndex(max(0, self.faces.findData(kept.get("faces", ""))))
        self._prepare()

    def _remember(self, running: bool) -> None:
        texts = {"folder": self.folder.text(), "output": self.output.text(), "template": self.template.text()}
        unfinished = running or self.runner.table.count("waiting") > 0
        preset = self.preset.currentText() if self.preset.currentIndex() else ""
        choices = {"recursive": self.recursive.isChecked(), "preset": preset, "faces": self.faces.currentData()}
        self._settings.change(batch={**texts, **choices, "unfinished": unfinished})

    # what it does

    def _start(self, only_failed: bool = False) -> None:
        self._say("")
        self.runner.start(only_failed, self._settings["scheduler"])
        self._remember(True)

    def _pause(self) -> None:
        control = self.runner.control
        if control is not None:
            self.runner.pause(not control.paused)

    def _save_report(self) -> None:
        suggestion = str(Path(self.output.text()) / "report.csv")
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Save report"), suggestion, tr(_REPORTS))
        if chosen:
            path = Path(chosen)
            try:
                write_report(self.runner.table.entries, path if path.suffix else path.with_suffix(".csv"))
            except UserError as error:
                self._say(told(error))

    def _say(self, sentence: str) -> None:
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))

    def _refresh(self) -> None:
        table, running = self.runner.table, self.runner.running
        done, failed, waiting = (table.count(state) for state in ("done", "failed", "waiting"))
        paused = self.runner.control is not None and self.runner.control.paused
        for field in (self.folder, self.output, self.template, self.recursive, self.preset, self.faces):
            field.setEnabled(not running)
        self.start.setEnabled(not running and waiting > 0)
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
        told = tr("{done} done, {failed} failed, {waiting} waiting")
        told = told.format(done=number(done), failed=number(failed), waiting=number(waiting))
        left = self.runner.table.seconds_left()
        if paused:
            return tr("{told}; paused").format(told=told)
        if not self.runner.running or left is None:
            return told
        return tr("{told}; {time} left").format(told=told, time=duration(left))

    def dress(self, palette: Palette) -> None:
        """Take the colours of the theme."""
        self.runner.table.dress(palette)
        self.lesson.dress(palette)


def duration(seconds: float) -> str:
    """Return a time to come in words, no finer than it can be known."""
    if seconds < 90:
        return tr("{seconds} s").format(seconds=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 90:
        return tr("{minutes} min").format(minutes=minutes)
    return tr("{hours} h {minutes} min").format(hours=minutes // 60, minutes=f"{minutes % 60:02d}")
