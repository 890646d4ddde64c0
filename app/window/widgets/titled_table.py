"""A table of photos whose columns have titles."""

from __future__ import annotations

from collections.abc import Sized

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.language import tr

AnyIndex = QModelIndex | QPersistentModelIndex


class TitledTable(QAbstractTableModel):
    """titles: of the columns, in English. A model that extends it has the rows, and says what a cell shows."""

    rows: Sized

    def __init__(self, titles: tuple[str, ...], parent: QObject | None) -> None:
        super().__init__(parent)
        self._titles = titles

    def rowCount(self, parent: AnyIndex | None = None) -> int:  # noqa: N802
        """Return how many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: AnyIndex | None = None) -> int:  # noqa: N802
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:  # noqa: N802
        """Return the columns' titles."""
        shown = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return tr(self._titles[section]) if shown else None
