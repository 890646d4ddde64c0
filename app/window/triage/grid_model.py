"""The photos of a triage for Qt's views, and the order and the choice in which they are shown."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage

from app.language import marked, tr
from app.triage.bursts import in_bursts
from app.triage.marks import Mark, Marks, advice_of
from app.triage.triaged import Triaged
from app.triage.words import ADVICE, KINDS, MARKS, advice, line, whole_story
from app.window.widgets.basics import plain_tip
from engine.diagnosis.diagnosis import Advice

_AnyIndex = QModelIndex | QPersistentModelIndex
_PARENT = QModelIndex()
_URGENCY = {Advice.CAN_BE_SAVED: 0, Advice.CANNOT_BE_SAVED: 1, Advice.KEEP: 2, None: 3}
PICTURES = 1000  # small pictures in memory, of about 75 kB each; those that were in sight last
SORTS = (
    ("folder", marked("As in the folder, bursts together")),
    ("saved", marked("Those that can be saved first")),
    ("blur", marked("Longest blur first")),
    ("soft", marked("Softest first")),
)
FILTERS = (
    ("all", marked("All photos")),
    *((f"advice:{each}", title) for each, title in ADVICE.items()),
    *((f"kind:{kind}", title) for kind, title in KINDS.items()),
    ("burst", marked("Bursts")),
    ("failed", marked("Not read")),
)


@dataclass(frozen=True)
class Shown:
    """A photo in the grid; found is None while nobody has looked at it."""

    path: Path
    found: Triaged | None = None
    mark: Mark = Mark.NONE

    @property
    def advice(self) -> Advice | None:
        """What is to be done with it: the user's decision or the diagnosis's advice."""
        return advice_of(self.mark, self.found)


class TriageModel(QAbstractListModel):
    """Holds the photos; only the GUI thread may use it. picture_wanted: the path of a photo that became visible."""

    picture_wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.photos: list[Shown] = []
        self.marks = Marks()
        self._places: dict[Path, int] = {}
        self._pictures: OrderedDict[Path, QImage | None] = OrderedDict()

    def fill(self, paths: Sequence[Path]) -> None:
        """Show other photos."""
        self._pictures.clear()
        self._put([Shown(path, mark=self.marks[path]) for path in paths])

    def show_found(self, found: Triaged) -> None:
        """Show the diagnosis of a photo."""
        at = self._places.get(found.path)
        if at is not None:
            self._change(at, replace(self.photos[at], found=found))

    def put_bursts_together(self) -> None:
        """Put the frames of each burst beside each other, when all photos were looked at."""
        known = {shown.path: shown for shown in self.photos}
        found = [shown.found for shown in self.photos if shown.found is not None]
        if len(found) == len(self.photos):
            self._rearrange([replace(known[one.path], found=one) for one in in_bursts(found)])

    def mark(self, paths: Sequence[Path], mark: Mark) -> None:
        """Decide on photos."""
        self.marks.put(list(paths), mark)
        for path in paths:
            at = self._places[path]
            self._change(at, replace(self.photos[at], mark=mark))

    def show_picture(self, path: Path, picture: QImage) -> None:
        """Show a photo's small picture."""
        at = self._places.get(path)
        if at is not None:
            self._pictures[path] = picture
            if len(self._pictures) > PICTURES:
                self._pictures.popitem(last=False)
            self.dataChanged.emit(self.index(at), self.index(at))

    def wanted(self, advice: Advice) -> list[Path]:
        """Return the photos with which that is to be done."""
        return [shown.path for shown in self.photos if shown.advice is advice]

    def looked_at(self) -> int:
        """Count the photos that are diagnosed or could not be read."""
        return sum(shown.found is not None for shown in self.photos)

    def _put(self, photos: list[Shown]) -> None:
        self.beginResetModel()
        self.photos = photos
        self._places = {shown.path: at for at, shown in enumerate(photos)}
        self.endResetModel()

    def _rearrange(self, photos: list[Shown]) -> None:
        """Show the same photos in another order; what is chosen and what is in sight stay so."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        paths = [self.photos[index.row()].path for index in before]
        self.photos = photos
        self._places = {shown.path: at for at, shown in enumerate(photos)}
        self.changePersistentIndexList(before, [self.index(self._places[path]) for path in paths])
        self.layoutChanged.emit()

    def _change(self, at: int, shown: Shown) -> None:
        self.photos[at] = shown
        self.dataChanged.emit(self.index(at), self.index(at))

    def rowCount(self, parent: _AnyIndex = _PARENT) -> int:  # noqa: N802
        """Return how many photos there are."""
        return 0 if parent.isValid() else len(self.photos)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a photo's name, its story, its small picture, or all of it (UserRole)."""
        shown = self.photos[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return shown
        if role == Qt.ItemDataRole.DisplayRole:
            return shown.path.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(whole_story(shown.found) if shown.found is not None else shown.path.name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _spoken(shown)
        if role == Qt.ItemDataRole.DecorationRole:
            if shown.path not in self._pictures:
                self._pictures[shown.path] = None
                self.picture_wanted.emit(shown.path)
            self._pictures.move_to_end(shown.path)
            return self._pictures[shown.path]
        return None


def _spoken(shown: Shown) -> str:
    told = shown.found.diagnosis if shown.found is not None else None
    parts = [shown.path.name]
    if told is not None:
        parts += [line(told), advice(told)]
    if shown.mark is not Mark.NONE:
        parts.append(tr(MARKS[shown.mark]))
    return ", ".join(parts)


class Order(QSortFilterProxyModel):
    """Sorts and filters when it is told to, so that nothing jumps while photos are looked at."""

    def __init__(self, model: TriageModel) -> None:
        super().__init__(model)
        self._model = model
        self._sort, self._filter = SORTS[0][0], FILTERS[0][0]
        self.setDynamicSortFilter(False)
        self.setSourceModel(model)

    def choose(self, sort: str, filter_: str) -> None:
        """Use one of SORTS and one of FILTERS."""
        self._sort, self._filter = sort, filter_
        self.invalidate()
        self.sort(0)

    def refresh(self) -> None:
        """Sort and filter again."""
        self.choose(self._sort, self._filter)

    def shown(self, index: _AnyIndex) -> Shown:
        """Return the photo at an index of this order."""
        return self._model.photos[self.mapToSource(index).row()]

    def lessThan(self, left: _AnyIndex, right: _AnyIndex) -> bool:  # noqa: N802
        """Compare two photos; equal ones stay in the folder's order."""
        return (self._key(left.row()), left.row()) < (self._key(right.row()), right.row())

    def filterAcceptsRow(self, row: int, parent: _AnyIndex) -> bool:  # noqa: N802
        """Return whether a photo is shown."""
        del parent
        shown = self._model.photos[row]
        what, _, value = self._filter.partition(":")
        told = shown.found.diagnosis if shown.found is not None else None
        if what == "advice":
            return shown.advice == value
        if what == "kind":
            return told is not None and told.kind == value
        if what == "burst":
            return shown.found is not None and shown.found.burst > 0
        if what == "failed":
            return shown.found is not None and told is None
        return True

    def _key(self, row: int) -> float:
        shown = self._model.photos[row]
        told = shown.found.diagnosis if shown.found is not None else None
        if self._sort == "saved":
            return _URGENCY[shown.advice]
        if self._sort == "blur":
            return -max(told.extent or 0, 2 * (told.radius or 0)) if told is not None else 1
        if self._sort == "soft":
            return told.sharpness if told is not None else 2
        return 0
