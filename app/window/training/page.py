"""The training page: a new run, and all existing runs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QListView, QStackedWidget, QWidget

from app.language import tr
from app.window.training.run_delegate import STATUS, RunDelegate
from app.window.training.run_page import STATUS_TEXTS, RunPage
from app.window.training.setup_page import SetupPage
from app.window.training.surveyor import Surveyor
from app.window.training.trainings import Trainings
from app.window.widgets.basics import column, label, push_button, row
from app.window.widgets.dropping import FolderDrop
from app.window.widgets.page import Page

_RAIL = 236  # px


class TrainingPage(Page):
    """Trains without blocking the window: photos can be viewed and restored meanwhile.

    unexpected: an unexpected error.
    """

    unexpected = Signal(object)

    def __init__(self, trainings: Trainings, surveyor: Surveyor, device: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(tr("Training – Acutance"))
        self.resize(1120, 740)
        self.trainings = trainings
        self.setup = SetupPage(trainings, surveyor, device)
        self.run = RunPage(trainings)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.setup)
        self.stack.addWidget(self.run)
        self.new = push_button(tr("New training"), self.show_setup, tr("Choose photos and a method"))
        self.runs, self._rows, self._delegate = QListView(), QStandardItemModel(self), RunDelegate(self)
        self.nothing = label(tr("Runs will be listed here."), "caption", wrap=True)
        self._lay_out()
        self._drop = FolderDrop(self, self._dropped)
        self.runs.clicked.connect(self._picked)
        self.runs.activated.connect(self._picked)
        self.setup.begun.connect(self.show_run)
        self.run.log_asked.connect(lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))
        trainings.changed.connect(self._refresh)
        trainings.refused.connect(self.setup.say)
        self._refresh()
        self.setup.choose_folder.setFocus()
        if trainings.active is not None:
            self.show_run(trainings.active)

    def _lay_out(self) -> None:
        self.runs.setModel(self._rows)
        self.runs.setObjectName("runs")
        self.runs.setAccessibleName(tr("Runs"))
        self.runs.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.runs.setItemDelegate(self._delegate)
        rail = QFrame()
        rail.setObjectName("compareList")
        rail.setFixedWidth(_RAIL)
        side = column(rail, margin=4, gap=3)
        side.setContentsMargins(16, 24, 16, 16)  # align its title with the page's
        side.addWidget(label(tr("Training"), "title"))
        side.addWidget(self.new)
        side.addSpacing(8)
        side.addWidget(label(tr("Runs"), "section"))
        side.addWidget(self.nothing)
        side.addWidget(self.runs, 1)
        side.addStretch()
        layout = row(self, gap=0)
        layout.addWidget(rail)
        layout.addWidget(self.stack, 1)

    def show_setup(self) -> None:
        """Show the form for a new run."""
        self.runs.clearSelection()
        self.stack.setCurrentWidget(self.setup)

    def _dropped(self, folder: Path) -> None:
        self.show_setup()
        self.setup.choose(folder)

    def show_run(self, folder: Path) -> None:
        """Show a run."""
        self.run.show_run(folder)
        self.stack.setCurrentWidget(self.run)
        self._refresh()

    def _picked(self, index: QModelIndex) -> None:
        self.show_run(index.data(Qt.ItemDataRole.UserRole))

    def _refresh(self) -> None:
        found = self.trainings.runs
        known = [self._rows.item(at).data(Qt.ItemDataRole.UserRole) for at in range(self._rows.rowCount())]
        if known != found:
            self._rows.clear()
            for folder in found:
                item = QStandardItem()
                item.setData(folder, Qt.ItemDataRole.UserRole)
                self._rows.appendRow(item)
        for at, folder in enumerate(found):
            plan = self.trainings.plan(folder)
            item = self._rows.item(at)
            item.setText(plan.name if plan else folder.name)
            item.setData(tr(STATUS_TEXTS[self.trainings.status(folder)]), STATUS)
            if folder == self.run.folder and self.stack.currentWidget() is self.run:
                self.runs.setCurrentIndex(item.index())
        self.runs.setVisible(bool(found))
        self.nothing.setVisible(not found)
        if self.run.folder is not None and self.run.folder not in found and self.stack.currentWidget() is self.run:
            self.show_setup()
