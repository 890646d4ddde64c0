"""The table of surveyed photos: small picture, findings, and whether the photo is used."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QPixmap

from app.language import marked, tr
from app.surveying import reason
from app.window.theme.dressed import palette_in_force
from app.window.widgets.basics import plain_tip
from app.window.widgets.titled_table import AnyIndex, TitledTable
from training.survey import Look

COLUMNS = (marked("Photo"), marked("Size"), marked("Faces"), marked("Used, or why not"))
THUMBNAIL = 48  # px


class PhotoList(TitledTable):
    """Uses good photos and leaves the others out, unless the user changes that. Unreadable photos are never used."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(COLUMNS, parent)
        self.rows: list[Look] = []
        self._places: dict[str, int] = {}
        self._decided: dict[str, bool] = {}

    def clear(self) -> None:
        """Remove all photos."""
        self.beginResetModel()
        self.rows, self._places, self._decided = [], {}, {}
        self.endResetModel()

    def add(self, look: Look) -> None:
        """Add a photo, or update its findings."""
        if look.place in self._places:
            at = self._places[look.place]
            self.rows[at] = look
            self.dataChanged.emit(self.index(at, 0), self.index(at, len(COLUMNS) - 1))
            return
        at = self._places[look.place] = len(self.rows)
        self.beginInsertRows(QModelIndex(), at, at)
        self.rows.append(look)
        self.endInsertRows()

    def taken(self, row: int) -> bool:
        """Whether the training uses a photo."""
        look = self.rows[row]
        return self._decided.get(look.place, look.verdict == "good")

    @property
    def all_taken(self) -> list[Look]:
        """The photos that the training uses, in order."""
        return [look for row, look in enumerate(self.rows) if self.taken(row)]

    def decide(self, row: int, taken: bool) -> None:
        """Use a photo, or leave it out."""
        if self.rows[row].verdict != "unreadable":
            self._decided[self.rows[row].place] = taken
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))
            self.changed.emit()

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Give the first column a check box, unless the photo cannot be read."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == 0 and self.rows[index.row()].verdict != "unreadable":
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows."""
        look, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(reason(look) or look.place if column else look.place)
        if role == Qt.ItemDataRole.CheckStateRole and column == 0 and look.verdict != "unreadable":
            return Qt.CheckState.Checked if self.taken(index.row()) else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DecorationRole and column == 0 and look.thumbnail:
            return _square(look.thumbnail)
        if role == Qt.ItemDataRole.ForegroundRole:
            palette = palette_in_force()
            colour = palette.text if self.taken(index.row()) else palette.muted
            if column == 3 and not self.taken(index.row()):
                colour = palette.danger if look.verdict == "unreadable" else palette.warning
            return QColor(colour)
        return None

    def _text(self, row: int, column: int) -> str:
        look = self.rows[row]
        if column == 0:
            return look.name
        if column == 1:
            return f"{look.size[0]} × {look.size[1]}" if look.size[0] else ""
        if column == 2:
            return "" if look.faces is None else str(look.faces)
        if look.verdict == "good":
            return tr("Used") if self.taken(row) else tr("Left out by hand")
        return tr("Used by hand. {reason}").format(reason=reason(look)) if self.taken(row) else reason(look)

    def setData(self, index: AnyIndex, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Store the state of the check box."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.decide(index.row(), Qt.CheckState(value) == Qt.CheckState.Checked)
        return True


class ShownPhotos(QSortFilterProxyModel):
    """Shows all photos, those that are used, or those left out."""

    def __init__(self, photos: PhotoList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._photos = photos
        self._shown = "all"
        self.setSourceModel(photos)

    def show_only(self, shown: str) -> None:
        """Show "all", "taken" or "left-out"."""
        self._shown = shown
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: AnyIndex) -> bool:  # noqa: N802
        """Whether a photo is shown."""
        del parent
        return self._shown == "all" or self._photos.taken(row) == (self._shown == "taken")


def _square(thumbnail: bytes) -> QPixmap:
    """Return the middle of a small picture, so that all have the same size."""
    image = QImage.fromData(thumbnail)
    side = min(image.width(), image.height())
    middle = image.copy((image.width() - side) // 2, (image.height() - side) // 2, side, side)
    size = QSize(THUMBNAIL, THUMBNAIL)
    keep, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    return QPixmap.fromImage(middle.scaled(size, keep, smooth))
