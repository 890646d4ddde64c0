"""The surveyed photos: how many are used, and which are left out for which reason."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QProgressBar, QTableView, QWidget

from app.language import number, tr
from app.surveying import summary
from app.window.training.photo_list import THUMBNAIL, PhotoList, ShownPhotos
from app.window.training.surveyor import Surveyor
from app.window.widgets.basics import column, label, push_button, row
from app.window.widgets.segments import Segments
from training.survey import Look

_ROW_HEIGHT = THUMBNAIL + 8


class SurveyView(QWidget):
    """changed: the set of used photos changed."""

    changed = Signal()

    def __init__(self, surveyor: Surveyor) -> None:
        super().__init__()
        self.surveyor = surveyor
        self.photos = PhotoList(self)
        self.shown = ShownPhotos(self.photos, self)
        self.text, self.bar = label("", "section"), QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Photos checked"))
        self.cancel = push_button(tr("Cancel"), surveyor.cancel, tr("Stop checking; photos checked so far count"))
        choices = (
            ("all", tr("All"), tr("Show every photo of the folder"), ""),
            ("taken", tr("Used"), tr("Show the photos that will be trained on"), ""),
            ("left-out", tr("Left out"), tr("Show the photos that will not be trained on, and why"), ""),
        )
        self.segments = Segments(choices, tr("Photos shown"))
        self.segments.choose("all")
        self.segments.chosen.connect(self.shown.show_only)
        self.table = _table(self.shown)
        self._lay_out()
        surveyor.begun.connect(self.photos.clear)
        surveyor.looked.connect(self._looked)
        surveyor.ended.connect(self._ended)
        self.photos.changed.connect(self._decided)
        self._refresh()

    def _lay_out(self) -> None:
        heading = row(gap=3)
        heading.addWidget(self.text)
        heading.addWidget(self.bar, 1)
        heading.addWidget(self.cancel)
        heading.addStretch()
        heading.addWidget(self.segments)
        layout = column(self, gap=2)
        layout.addLayout(heading)
        layout.addWidget(self.table, 1)

    def look_through(self, folder: Path) -> None:
        """Survey another folder."""
        self.surveyor.start(folder)
        self._refresh()

    def _looked(self, look: Look) -> None:
        self.photos.add(look)
        self._refresh()

    def _ended(self) -> None:
        self._refresh()
        self.changed.emit()

    def _decided(self) -> None:
        self.shown.invalidate()
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        running = self.surveyor.running
        self.bar.setVisible(running)
        self.cancel.setVisible(running)
        self.bar.setRange(0, self.surveyor.total)
        self.bar.setValue(len(self.photos.rows))
        if running:
            text = tr("Checking {done} of {total}").format(
                done=number(len(self.photos.rows)), total=number(self.surveyor.total)
            )
        else:
            text = summary(self.photos.rows, len(self.photos.all_taken))
        self.text.setText(text)


def _table(model: ShownPhotos) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName(tr("Photos of the folder"))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setIconSize(QSize(THUMBNAIL, THUMBNAIL))
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
    header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
    for at, width in enumerate((240, 100, 84)):
        header.resizeSection(at, width)
    return table
