"""The photos of a batch as a table: state, progress, time, and why one failed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage

from app.batch.journal import Entry
from app.language import marked, number, percent, tr, translated
from app.trust import trust_in
from app.window.methods import title_of
from app.window.theme.tokens import Palette
from app.window.widgets.basics import plain_tip
from engine.kernels.trust import Verdict

COLUMNS = (marked("Photo"), marked("State"), marked("Method"), marked("Time"))
_STATES = {"waiting": marked("Waiting"), "done": marked("Done"), "failed": marked("Failed")}
_AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Row:
    """A photo of the batch. state: waiting, working, done or failed. share: of the work, in [0, 1].

    name: what journal and report call it.
    notes: sentences on what fell back, and on what the format of the result has no place for.
    """

    name: str
    path: Path
    state: str = "waiting"
    share: float = 0.0
    entry: Entry | None = None
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """What is known of the result; None before there is one, and for a word that a later version wrote."""
        known = {str(verdict) for verdict in Verdict}
        done = self.state == "done" and self.entry is not None and self.entry.verdict in known
        return Verdict(self.entry.verdict) if done and self.entry else None

    @property
    def urgency(self) -> int:
        """How soon somebody should look: 0 failed, 1 a result that may be wrong, 2 all others."""
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


class BatchTable(QAbstractTableModel):
    """Rows by name; only the GUI thread may touch it. picture_wanted: with the path of a photo that came in sight."""

    picture_wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self._places: dict[str, int] = {}
        self._pictures: dict[Path, QImage | None] = {}
        self._palette: Palette | None = None

    def fill(self, photos: Mapping[str, Path], before: Mapping[str, Entry]) -> None:
        """Show other photos, by name; `before`: what an earlier run has done or failed at."""
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
        """Take a photo's small picture."""
        if path in self._pictures:
            self._pictures[path] = picture
            at = next(at for at, row in enumerate(self.rows) if row.path == path)
            self.dataChanged.emit(self.index(at, 0), self.index(at, 0))

    def _picture(self, path: Path) -> QImage | None:
        if path not in self._pictures:
            self._pictures[path] = None
            self.picture_wanted.emit(path)
        return self._pictures[path]

    def place(self, name: str) -> QModelIndex:
        """Return where a photo stands."""
        return self.index(self._places[name], 0)

    def count(self, state: str) -> int:
        """How many photos are in a state."""
        return sum(row.state == state for row in self.rows)

    @property
    def entries(self) -> list[Entry]:
        """What became of the photos that are done or failed."""
        return [row.entry for row in self.rows if row.entry is not None]

    def seconds_left(self) -> float | None:
        """Return the time that what waits will take, by what was done in this run; None before the first.

        A photo that failed says nothing about how long the others take.
        """
        done = [row for row in self.rows if row.state == "done" and row.share == 1]
        taken = [row.entry.seconds for row in done if row.entry is not None]
        if not taken:
            return None
        left = sum(1 - row.share for row in self.rows if row.state in ("waiting", "working"))
        return left * sum(taken) / len(taken)

    def dress(self, palette: Palette) -> None:
        """Take the colours of the theme."""
        self._palette = palette
        self.layoutChanged.emit()

    def rowCount(self, parent: _AnyIndex | None = None) -> int:  # noqa: N802
        """How many photos."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: _AnyIndex | None = None) -> int:  # noqa: N802
        """Name, state, method, time."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:  # noqa: N802
        """The titles of the columns."""
        shown = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return tr(COLUMNS[section]) if shown else None

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What is written in a cell; a failed photo's in the colour of danger."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            seconds = f"{number(row.entry.seconds, 1)} s" if row.entry is not None else ""
            method = title_of(row.entry.method) if row.entry is not None and row.entry.method else ""
            return (row.name, row.state_text, method, seconds)[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return self._picture(row.path)
        if role == Qt.ItemDataRole.UserRole:
            return row.urgency * len(self.rows) + index.row()
        if role == Qt.ItemDataRole.ToolTipRole:
            if row.state == "failed" and row.entry is not None:
                return plain_tip(translated(row.entry.reason))  # with the whole path
            return plain_tip(row.state_text if row.notes else row.name)
        if role == Qt.ItemDataRole.ForegroundRole and self._palette is not None:
            colours = {
                "failed": self._palette.danger,
                "waiting": self._palette.muted,
                "working": self._palette.accent,
            }
            return QColor(colours.get(row.state, self._palette.text))
        return None


class LookFirst(QSortFilterProxyModel):
    """The rows in the order in which somebody should look at them: failed, doubtful, then all as they come."""

    def __init__(self, table: BatchTable) -> None:
        super().__init__(table)
        self._table = table
        self.setSortRole(Qt.ItemDataRole.UserRole)
        self.setSourceModel(table)
        self.sort(0)

    def row_at(self, index: _AnyIndex) -> Row:
        """Return the row under an index of this order."""
        return self._table.rows[self.mapToSource(index).row()]


def _row(name: str, path: Path, entry: Entry | None) -> Row:
    if entry is None or entry.state == "begun":
        return Row(name, path)
    return Row(name, path, entry.state, entry=entry)
