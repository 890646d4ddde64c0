"""The table of a batch's photos: state, progress, time, and the reason of a failure."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage

from app.batch.journal import Entry
from app.language import marked, number, percent, tr, translated
from app.triage.words import line
from app.trust import trust_in
from app.window.methods import title_of
from app.window.theme.dressed import palette_in_force
from app.window.triage.badge import BADGE
from app.window.triage.known import KnownBlur
from app.window.widgets.basics import plain_tip
from app.window.widgets.titled_table import AnyIndex, TitledTable
from engine.kernels.trust import Verdict

COLUMNS = (marked("Photo"), marked("State"), marked("Method"), marked("Time"))
_STATES = {"waiting": marked("Waiting"), "done": marked("Done"), "failed": marked("Failed")}


@dataclass(frozen=True)
class Row:
    """A photo of the batch. state: waiting, working, done or failed. share: of the work done, in [0, 1].

    name: as in journal and report.
    notes: sentences about fallbacks and about metadata that the target format cannot hold.
    """

    name: str
    path: Path
    state: str = "waiting"
    share: float = 0.0
    entry: Entry | None = None
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """The verdict on the result. None before there is a result, and for a word from a later version."""
        known = {str(verdict) for verdict in Verdict}
        done = self.state == "done" and self.entry is not None and self.entry.verdict in known
        return Verdict(self.entry.verdict) if done and self.entry else None

    @property
    def urgency(self) -> int:
        """How soon the user should look: 0 for a failure, 1 for a result that may be wrong, 2 for all others."""
        if self.state == "failed":
            return 0
        return 1 if self.verdict is not None and trust_in(self.verdict).tone == "warning" else 2

    @property
    def state_text(self) -> str:
        """The state in words."""
        if self.state == "failed" and self.entry is not None:
            return translated(self.entry.reason).replace(str(self.path), self.path.name)
        if self.state == "working":
            return percent(self.share)
        state = tr(_STATES[self.state])
        if self.verdict is not None:
            short = trust_in(self.verdict).short
            state = short[:1].upper() + short[1:] or state
        return f"{state}. {' '.join(map(translated, self.notes))}" if self.notes else state


class BatchTable(TitledTable):
    """Holds the rows by name; only the GUI thread may use it.

    picture_wanted: the path of a photo that became visible. blur: tells what blurred each photo.
    """

    picture_wanted = Signal(object)

    def __init__(self, blur: KnownBlur, parent: QObject | None = None) -> None:
        super().__init__(COLUMNS, parent)
        self._blur = blur
        blur.changed.connect(self._show_first_column)
        self.rows: list[Row] = []
        self._places: dict[str, int] = {}
        self._pictures: dict[Path, QImage | None] = {}

    def fill(self, photos: Mapping[str, Path], before: Mapping[str, Entry]) -> None:
        """Show other photos, by name. before: what an earlier run reported for them."""
        self.beginResetModel()
        self.rows = [_row(name, path, before.get(name)) for name, path in photos.items()]
        self._places = {name: at for at, name in enumerate(photos)}
        self._pictures.clear()
        self.endResetModel()

    def change(self, name: str, **changes: object) -> None:
        """Change fields of a row."""
        at = self._places[name]
        self.rows[at] = dataclasses.replace(self.rows[at], **changes)  # type: ignore[arg-type]
        self.dataChanged.emit(self.index(at, 0), self.index(at, len(COLUMNS) - 1))

    def show_picture(self, path: Path, picture: QImage) -> None:
        """Show a photo's small picture."""
        if path in self._pictures:
            self._pictures[path] = picture
            self._show_first_column(path)

    def _show_first_column(self, path: Path) -> None:
        at = next((at for at, row in enumerate(self.rows) if row.path == path), None)
        if at is not None:
            self.dataChanged.emit(self.index(at, 0), self.index(at, 0))

    def _picture(self, path: Path) -> QImage | None:
        if path not in self._pictures:
            self._pictures[path] = None
            self.picture_wanted.emit(path)
        return self._pictures[path]

    def place(self, name: str) -> QModelIndex:
        """Return a photo's row."""
        return self.index(self._places[name], 0)

    def count(self, state: str) -> int:
        """Count the photos in a state."""
        return sum(row.state == state for row in self.rows)

    @property
    def entries(self) -> list[Entry]:
        """Return the entries of the photos that are done or failed."""
        return [row.entry for row in self.rows if row.entry is not None]

    def seconds_left(self) -> float | None:
        """Estimate the remaining seconds from the photos done in this run; None before the first.

        Failed photos do not count: they say nothing about how long the others take.
        """
        done = [row for row in self.rows if row.state == "done" and row.share == 1]
        taken = [row.entry.seconds for row in done if row.entry is not None]
        if not taken:
            return None
        left = sum(1 - row.share for row in self.rows if row.state in ("waiting", "working"))
        return left * sum(taken) / len(taken)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows. The text of a failed photo is red."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            seconds = f"{number(row.entry.seconds, 1)} s" if row.entry is not None else ""
            method = title_of(row.entry.method) if row.entry is not None and row.entry.method else ""
            return (row.name, row.state_text, method, seconds)[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return self._picture(row.path)
        if role == BADGE and index.column() == 0:
            return self._blur.of(row.path)
        if role == Qt.ItemDataRole.UserRole:
            return row.urgency * len(self.rows) + index.row()
        if role == Qt.ItemDataRole.ToolTipRole:
            if row.state == "failed" and row.entry is not None:
                return plain_tip(translated(row.entry.reason))  # with the whole path
            told = self._blur.of(row.path) if index.column() == 0 else None
            text = row.state_text if row.notes else row.name
            return plain_tip(text if told is None else f"{text}\n{line(told)}")
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            told = self._blur.of(row.path)
            return row.name if told is None else f"{row.name}, {line(told)}"
        if role == Qt.ItemDataRole.ForegroundRole:
            palette = palette_in_force()
            colours = {"failed": palette.danger, "waiting": palette.muted, "working": palette.accent}
            return QColor(colours.get(row.state, palette.text))
        return None


class LookFirst(QSortFilterProxyModel):
    """Sorts rows by urgency: failed photos, doubtful results, then all others in their order."""

    def __init__(self, table: BatchTable) -> None:
        super().__init__(table)
        self._table = table
        self.setSortRole(Qt.ItemDataRole.UserRole)
        self.setSourceModel(table)
        self.sort(0)

    def row_at(self, index: AnyIndex) -> Row:
        """Return the row at an index of this order."""
        return self._table.rows[self.mapToSource(index).row()]


def _row(name: str, path: Path, entry: Entry | None) -> Row:
    if entry is None or entry.state == "begun":
        return Row(name, path)
    return Row(name, path, entry.state, entry=entry)
