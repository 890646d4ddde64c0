"""The triage page: folder above, the grid in the middle, what to do with the photos below."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QLineEdit,
    QProgressBar,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from app.language import marked, number, tr, translated, trn
from app.remaining import duration
from app.settings import Settings
from app.triage.marks import Mark, advice_of
from app.triage.report import SUFFIXES, write_report
from app.triage.sidecars import advice_marks, write_marks
from app.window import dialogs
from app.window.triage.close_look import CloseLook
from app.window.triage.grid import Grid
from app.window.triage.grid_model import FILTERS, SORTS, Order, Shown
from app.window.triage.loupe import WIDTH, Loupe
from app.window.triage.runner import TriageRunner
from app.window.widgets.basics import ElidedLabel, column, label, push_button, row
from app.window.widgets.calm import ComboBox
from app.window.widgets.dropping import FolderDrop
from app.window.widgets.lesson import Lesson
from app.window.widgets.page import Page
from engine.diagnosis.diagnosis import Advice
from engine.errors import UserError
from engine.photos.naming import with_ending

_STEPS = (
    ("folder", marked("Choose or drop a folder"), marked("Every photo in it is looked at; none is changed.")),
    (
        "search",
        marked("See which are blurred, and how"),
        marked("Shaken, out of focus, or the subject moved: with the length of the blur and its direction."),
    ),
    (
        "check",
        marked("Decide, and let the blurred ones be saved"),
        marked(
            "1 keeps a photo, 2 marks it for deblurring, 3 rejects it, and Space shows it at 100%. A batch then "
            "deblurs those that can be saved."
        ),
    ),
)
_PROMISE = marked("What was found is remembered: a second look at the same photos takes no time.")
_REPORTS = marked("Page with pictures (*.html);;Table (*.csv);;JSON (*.json)")


class TriagePage(Page):
    """Looks through a folder while the window stays usable.

    look_asked: the user wants to see a photo at full size. batch_asked: folder and photos that a batch should deblur.
    """

    look_asked = Signal(object, object)
    batch_asked = Signal(object, object)

    def __init__(self, runner: TriageRunner, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(tr("Triage – Acutance"))
        self.resize(1120, 760)
        self.runner, self._settings = runner, settings
        self.order, self.grid = Order(runner.model), Grid()
        self.folder, self.recursive, self.faces = QLineEdit(), QCheckBox(tr("Subfolders too")), QCheckBox(tr("Faces"))
        self.sort, self.filter = ComboBox(), ComboBox()
        self.lesson, self.stack = Lesson(_STEPS, _PROMISE), QStackedWidget()
        self.bar, self.text, self.trouble = QProgressBar(), ElidedLabel("caption"), label("", "trouble", wrap=True)
        self.look = push_button(tr("Look through"), self._start, tr("Look at every photo of the folder"))
        self.stop = push_button(tr("Stop"), runner.cancel, tr("Stop looking; what was found is remembered"))
        self.loupe = Loupe(CloseLook(runner.session, self))
        self.with_loupe = push_button(
            tr("Loupe"),
            self._toggle_loupe,
            tr("The sharpest and the softest face at 100%; without faces, the sharpest and the softest part (Space)"),
        )
        self.report = push_button(tr("Save report…"), self._save_report, tr("What was found, as a page or a table"))
        self.sidecars = push_button(
            tr("Write sidecars"),
            self._write_sidecars,
            tr("Write labels and keywords into XMP files beside the photos, for Lightroom, darktable and digiKam"),
        )
        self.save = push_button(
            tr("Deblur those that can be saved"), self._to_batch, tr("Hand the photos over to a batch")
        )
        self._fill()
        self._lay_out()
        self._drop = FolderDrop(self, self.choose)
        runner.changed.connect(self._refresh)
        runner.ended.connect(self.order.refresh)
        runner.refused.connect(self._say)
        self.grid.decided.connect(self._decide)
        self.grid.activated.connect(self._look_at)
        self.grid.loupe_asked.connect(self.with_loupe.click)
        self.grid.moved.connect(self.loupe.move_by)
        self.grid.chosen.connect(self._choose_for_loupe)
        self.loupe.look.found.connect(runner.show_found)
        self._refresh()

    def _fill(self) -> None:
        self.bar.setTextVisible(False)
        self.trouble.hide()
        self.grid.setModel(self.order)
        self.recursive.setChecked(True)
        self.recursive.setToolTip(tr("Look into subfolders, too"))
        self.faces.setToolTip(tr("Also measure how sharp the sharpest face is; this takes longer"))
        self.folder.setPlaceholderText(tr("A folder; choose it, type it, or drop it here"))
        self.folder.setAccessibleName(tr("Photos in"))
        self.folder.returnPressed.connect(self._start)
        self.folder.textChanged.connect(self._refresh)
        self.folder.setToolTip(tr("The folder to look through; photos stay as they are"))
        for combo, choices, name, tip in (
            (self.sort, SORTS, tr("Order"), tr("Which photos come first")),
            (self.filter, FILTERS, tr("Show"), tr("Which photos are shown; the others stay in the report")),
        ):
            for key, title in choices:
                combo.addItem(tr(title), key)
            combo.setAccessibleName(name)
            combo.setToolTip(tip)
            combo.activated.connect(self._choose_order)
        for part in (self.lesson, self.grid):
            self.stack.addWidget(part)
        self.look.setProperty("role", "primary")
        self.with_loupe.setCheckable(True)
        self.loupe.hide()

    def _lay_out(self) -> None:
        where, how, below = row(gap=2), row(gap=3), row(gap=2)
        where.addWidget(label(tr("Photos in"), "muted"))
        where.addWidget(self.folder, 1)
        where.addWidget(push_button(tr("Choose…"), self._ask_folder, tr("The folder to look through")))
        where.addWidget(self.look)
        where.addWidget(self.stop)
        for part in (self.recursive, self.faces):
            how.addWidget(part)
        how.addStretch()
        for title, combo in ((tr("Show"), self.filter), (tr("Order"), self.sort)):
            how.addWidget(label(title, "muted"))
            how.addWidget(combo)
        how.addWidget(self.with_loupe)
        for button in (self.report, self.sidecars):
            below.addWidget(button)
        below.addStretch()
        below.addWidget(self.save)
        progress = row(gap=3)
        progress.addWidget(self.bar, 1)
        progress.addWidget(self.text, 1)
        layout = column(self, margin=6, gap=3)
        layout.addWidget(label(tr("Triage"), "title"))
        for line in (where, how):
            layout.addLayout(line)
        layout.addWidget(self.trouble)
        layout.addWidget(self._side_by_side(), 1)
        layout.addLayout(progress)
        layout.addLayout(below)

    def _side_by_side(self) -> QSplitter:
        """Return the grid and the loupe, with a handle between them."""
        made = QSplitter(Qt.Orientation.Horizontal)
        for part, share in ((self.stack, 2), (self.loupe, 1)):
            made.addWidget(part)
            made.setStretchFactor(made.count() - 1, share)
        made.setChildrenCollapsible(False)
        made.setHandleWidth(12)
        made.setSizes([2 * WIDTH, WIDTH])
        return made

    def choose(self, folder: Path) -> None:
        """Look through a folder."""
        self.folder.setText(str(folder))
        self._start()

    def _ask_folder(self) -> None:
        chosen = dialogs.ask_folder(self, Path(self.folder.text()) if self.folder.text() else None)
        if chosen:
            self.choose(chosen)

    def _start(self) -> None:
        self._say("")
        if self.folder.text():
            folder, scheduler = Path(self.folder.text()), self._settings["scheduler"]
            self.runner.start(folder, self.recursive.isChecked(), self.faces.isChecked(), scheduler)

    def _choose_order(self) -> None:
        self.order.choose(self.sort.currentData(), self.filter.currentData())

    def _chosen(self) -> list[Shown]:
        return [self.order.shown(index) for index in self.grid.selectedIndexes()]

    def _decide(self, mark: Mark) -> None:
        self.runner.model.mark([shown.path for shown in self._chosen()], mark)
        self._refresh()

    def _toggle_loupe(self) -> None:
        self.loupe.setVisible(self.with_loupe.isChecked())
        self._choose_for_loupe()

    def _choose_for_loupe(self) -> None:
        """Look closely at the current photo, if the loupe can be seen."""
        index = self.grid.currentIndex()
        seen = self.with_loupe.isChecked() and self.isVisible() and index.isValid()
        self.loupe.choose(self.order.shown(index) if seen else None)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Read nothing for a loupe that nobody sees."""
        super().hideEvent(event)
        self.loupe.choose(None)

    def _look_at(self, index: QModelIndex) -> None:
        self.look_asked.emit(self.order.shown(index).path, None)

    def _to_batch(self) -> None:
        self.batch_asked.emit(self.runner.folder, tuple(self.runner.model.wanted(Advice.CAN_BE_SAVED)))

    def _save_report(self) -> None:
        suggestion = str((self.runner.folder or Path.home()) / "triage.html")
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Save report"), suggestion, tr(_REPORTS))
        if chosen:
            found = [shown.found for shown in self.runner.model.photos if shown.found is not None]
            try:
                write_report(found, with_ending(Path(chosen), ".html", SUFFIXES))
            except UserError as error:
                self._say(translated(error))

    def _write_sidecars(self) -> None:
        """Write what was found, or what the user decided; the first sidecar that cannot be written is told."""
        written, trouble = 0, []
        for shown in self.runner.model.photos:
            advice = advice_of(shown.mark, shown.found)
            if advice is None:
                continue
            told = shown.found.diagnosis if shown.found is not None else None
            try:
                write_marks(shown.path, advice_marks(advice, told.kind if told else None, ("label", "keyword")))
                written += 1
            except UserError as error:
                trouble.append(translated(error))
        self._say(trouble[0] if trouble else "")
        text = trn("One sidecar was written.", "{count} sidecars were written.", written)
        self.text.setText(text.format(count=number(written)))

    def _say(self, sentence: str) -> None:
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))

    def _refresh(self) -> None:
        photos, running = self.runner.model.photos, self.runner.running
        done, saved = self.runner.model.looked_at(), len(self.runner.model.wanted(Advice.CAN_BE_SAVED))
        self.look.setVisible(not running)
        self.look.setEnabled(bool(self.folder.text()))
        self.stop.setVisible(running)
        self.save.setEnabled(saved > 0 and not running)
        self.save.setProperty("role", "primary")
        for part in (self.report, self.sidecars):
            part.setEnabled(done > 0 and not running)
        self.bar.setVisible(running)
        self.bar.setRange(0, max(1, len(photos)))
        self.bar.setValue(done)
        self.text.setText(self._sentence(done, saved))
        self.stack.setCurrentWidget(self.grid if photos else self.lesson)

    def _sentence(self, done: int, saved: int) -> str:
        photos = self.runner.model.photos
        if not photos:
            return tr("Looking for photos…") if self.runner.running else ""
        text = tr("{done} of {count} looked at, {saved} can be saved")
        text = text.format(done=number(done), count=number(len(photos)), saved=number(saved))
        left = self.runner.seconds_left()
        return text if left is None else tr("{text}; {time} left").format(text=text, time=duration(left))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size at first."""
        return QSize(1120, 760)
