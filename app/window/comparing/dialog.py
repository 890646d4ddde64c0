"""The comparison of methods: a list to choose from, a cell for each result, one to pick, a sheet to save."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.language import marked, tr
from app.window.comparing.cells import BETWEEN, Cell, MethodRow, words_under
from app.window.comparing.runs import MethodRuns, Run, RunStage
from app.window.comparing.shared_view import SharedView
from app.window.comparing.sheet import visible_part, write_sheet
from app.window.methods import MethodChoice
from app.window.session import Session
from app.window.theme.tokens import SPACE
from app.window.widgets.basics import column, label, row, scrolling
from app.window.widgets.message_bar import MessageBar, Toast
from app.window.widgets.page import Page

LIST_WIDTH = 300
_SHARE_OF_WINDOW = 0.94
_PAN = 48  # logical px
_LEAST_CELL = 220  # logical px; in German the words under a picture need two lines of that
_REGIONS = {
    "auto": marked("The photo and its faces, each by a method that suits it."),
    "faces": marked("The chosen faces alone."),
    "whole": marked("The whole photo."),
    "aligned": marked("The photo as a face crop."),
}


class CompareDialog(Page):
    """Stays above the window until it is closed. sheet_asked: the user wants the cells as a picture file."""

    sheet_asked = Signal()
    unexpected = Signal(object)

    def __init__(self, session: Session, choices: Sequence[MethodChoice], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Compare methods"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(parent.size() * _SHARE_OF_WINDOW)
        shown = session.document.shown
        assert shown.photo is not None and shown.original is not None
        self._session, self._photo, self._original = session, shown.photo, shown.original
        self.runs = MethodRuns(session, choices)
        self.view = SharedView(self._photo.size, self)
        self.rows = {identity: MethodRow(run) for identity, run in self.runs.runs.items()}
        self.photo_cell = Cell(self.view, tr("Photo"))
        width, height = self._photo.size
        self.photo_cell.show_photo(self._original, f"{width} × {height}")
        self.cells: dict[str, Cell] = {}
        self._columns = 1
        self.run_button, self.stop_button = QPushButton(tr("Compare")), QPushButton(tr("Stop"))
        self.sheet_button, self.close_button = QPushButton(tr("Save sheet…")), QPushButton(tr("Close"))
        self.message = MessageBar()
        self._lay_out()
        self._connect()
        self.toast = Toast(self)
        self.run_button.setFocus()
        self._refresh()

    def _lay_out(self) -> None:
        layout = row(self, gap=0)
        layout.addWidget(self._side())
        cells = QWidget()
        self._grid = QGridLayout(cells)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(3 * SPACE)
        main = column(margin=4, gap=4)
        main.addWidget(self.message)
        main.addWidget(scrolling(cells), 1)
        buttons = row(gap=2)
        hint = tr("All pictures move together: drag or arrows pan, the wheel zooms, a double click shows 100%.")
        buttons.addWidget(label(hint, "caption", wrap=True), 1)
        for button in (self.sheet_button, self.close_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        main.addLayout(buttons)
        layout.addLayout(main, 1)
        self._grid.addWidget(self.photo_cell, 0, 0)

    def _side(self) -> QFrame:
        side = QFrame()
        side.setObjectName("compareList")
        side.setFixedWidth(LIST_WIDTH)
        inner = column(side, margin=4, gap=3)
        inner.addWidget(label(tr("Compare methods"), "title"))
        inner.addWidget(label(tr(_REGIONS[self.runs.request.region]), "muted", wrap=True))
        inner.addSpacing(2 * SPACE)
        inner.addWidget(self._scrolled_rows(), 1)
        self.run_button.setProperty("role", "primary")
        self.run_button.setDefault(True)
        self.run_button.setToolTip(tr("Run the chosen methods one after another"))
        self.stop_button.setToolTip(tr("Stop the work; what is done stays"))
        self.sheet_button.setToolTip(tr("Save the visible pictures with names and figures as one picture"))
        for button in (self.run_button, self.stop_button):
            button.setMinimumHeight(40)
            inner.addWidget(button)
        return side

    def _scrolled_rows(self) -> QScrollArea:
        content = QWidget()
        listed: QVBoxLayout = column(content, gap=4)
        for method_row in self.rows.values():
            listed.addWidget(method_row)
        listed.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        return scroll

    def _connect(self) -> None:
        self.run_button.clicked.connect(lambda: self.runs.start(self.chosen))
        self.stop_button.clicked.connect(self.runs.cancel)
        self.sheet_button.clicked.connect(self.sheet_asked)
        self.close_button.clicked.connect(self.reject)
        self.runs.changed.connect(self._show_run)
        self.runs.failed.connect(self.unexpected)
        self._session.refused.connect(self._refused)
        self._session.written.connect(self._wrote)
        for method_row in self.rows.values():
            method_row.toggled.connect(self._refresh)
        for keys, scale in (("0", None), ("1", 1.0)):
            QShortcut(QKeySequence(keys), self).activated.connect(partial(self.zoom_to, scale))
        for key, direction in (("+", 1), ("=", 1), ("-", -1)):
            QShortcut(QKeySequence(key), self).activated.connect(partial(self.zoom_step, direction))
        for key, x, y in (("Left", 1, 0), ("Right", -1, 0), ("Up", 0, 1), ("Down", 0, -1)):
            QShortcut(QKeySequence(key), self).activated.connect(partial(self.pan, x * _PAN, y * _PAN))

    @property
    def chosen(self) -> list[str]:
        """The ids of the methods to run."""
        return [identity for identity, method_row in self.rows.items() if method_row.box.isChecked()]

    def zoom_to(self, scale: float | None) -> None:
        """Show `scale` device px per px of the photo in every pane; None fits the whole photo."""
        viewport = self.photo_cell.pane.viewport
        middle = viewport.view[0] / 2, viewport.view[1] / 2
        self.view.go(viewport.fit() if scale is None else viewport.zoomed(scale, middle))

    def zoom_step(self, direction: int) -> None:
        """Go to the next round scale: 1 zooms in, -1 zooms out."""
        viewport = self.photo_cell.pane.viewport
        self.view.go(viewport.stepped(direction, (viewport.view[0] / 2, viewport.view[1] / 2)))

    def pan(self, dx: float, dy: float) -> None:
        """Move the photo in every pane by logical px."""
        ratio = self.devicePixelRatioF()
        self.view.go(self.photo_cell.pane.viewport.panned(dx * ratio, dy * ratio))

    def save_sheet(self, target: Path) -> None:
        """Write the visible part of every finished cell, with names and figures."""
        part = visible_part(self.photo_cell.pane.viewport)
        pictures = [(tr("Photo"), self._photo.pixels)]
        for run in self.runs.runs.values():
            if run.outcome is not None:
                figures = BETWEEN.join(words_under(run.outcome))
                pictures.append((f"{tr(run.choice.title)}\n{figures}", run.outcome.result.pixels))
        self._session.writing.other(target, partial(write_sheet, self._photo, pictures, part, target))

    def done(self, code: int) -> None:
        """Stop all runs and close."""
        if self.runs.busy:
            self.runs.cancel()
        super().done(code)

    def _refused(self, sentence: str) -> None:
        self.message.say("error", sentence)

    def _wrote(self, target: Path) -> None:
        folder = QUrl.fromLocalFile(str(target.parent))
        self.toast.say(
            tr("Saved {name}").format(name=target.name),
            tr("Show in folder"),
            partial(QDesktopServices.openUrl, folder),
        )

    def _show_run(self, identity: str) -> None:
        run = self.runs.runs[identity]
        if run.stage is RunStage.IDLE:
            self._remove_cell(identity)
        else:
            cell = self.cells.get(identity) or self._add_cell(identity, run)
            cell.show_run(run, self._original)
        self._refresh()

    def _add_cell(self, identity: str, run: Run) -> Cell:
        cell = Cell(self.view, run.choice.title, run.choice.experimental)
        cell.picked.connect(partial(self._pick, identity))
        self.cells[identity] = cell
        self._arrange()
        return cell

    def _remove_cell(self, identity: str) -> None:
        cell = self.cells.pop(identity, None)
        if cell is not None:
            self._grid.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
            self._arrange()

    def _arrange(self) -> None:
        """Arrange the cells in the order of the list; as many columns as rows, or one more, if words find room."""
        cells = [self.photo_cell, *(self.cells[identity] for identity in self.rows if identity in self.cells)]
        columns = max(1, min(math.ceil(math.sqrt(len(cells))), self._room() // _LEAST_CELL))
        self._columns = columns
        for cell in cells:
            self._grid.removeWidget(cell)
        for index in range(max(self._grid.columnCount(), columns)):
            self._grid.setColumnStretch(index, 1 if index < columns else 0)
        for index in range(max(self._grid.rowCount(), math.ceil(len(cells) / columns))):
            self._grid.setRowStretch(index, 1 if index * columns < len(cells) else 0)
        for index, cell in enumerate(cells):
            self._grid.addWidget(cell, index // columns, index % columns)

    def _room(self) -> int:
        return self.width() - LIST_WIDTH - 8 * SPACE

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Use as many columns as there is room for."""
        super().resizeEvent(event)
        if self._columns > 1 or self._room() >= 2 * _LEAST_CELL:
            self._arrange()

    def _pick(self, identity: str) -> None:
        self.runs.pick(identity)
        self.accept()

    def _refresh(self) -> None:
        runs = self.runs.runs
        left = [identity for identity in self.chosen if runs[identity].stage in (RunStage.IDLE, RunStage.FAILED)]
        self.run_button.setEnabled(bool(left))
        self.run_button.setText(tr("Compare") if not self.cells else tr("Compare the rest"))
        self.run_button.setVisible(not self.runs.busy)
        self.stop_button.setVisible(self.runs.busy)
        self.sheet_button.setEnabled(any(run.outcome is not None for run in runs.values()))
