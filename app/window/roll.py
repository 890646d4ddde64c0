"""The list of open photos: their order, their states, and what of them stays decoded."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.language import marked
from app.window.document import Document, State
from app.window.parked import Parked

NEIGHBOURS = 2
"""This many photos on either side of the current one stay decoded."""
MOST_BYTES = 3_000_000_000
_MOST_THUMBNAILS = 500


class Badge(Enum):
    """The state of an open photo at a glance; the value is its description."""

    NONE = ""
    WORKING = marked("being restored")
    RESTORED = marked("restored, not saved")
    SAVED = marked("saved")


class Roll(QObject):
    """Knows which photos are open. The document holds one of them, the roll the others.

    Memory is bounded: of the other photos, only near ones stay decoded, within MOST_BYTES. Photos in progress or
    unsaved are never dropped. If they alone need too much, `crowding` names one.
    """

    changed = Signal()
    current_changed = Signal()
    badge_changed = Signal(int)

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self.paths: list[Path] = []
        self._parked: dict[Path, Parked] = {}
        self._saved: set[Path] = set()
        self._thumbnails: dict[Path, QImage] = {}
        for signal in (document.state_changed, document.result_changed):
            signal.connect(self._follow)

    @property
    def current(self) -> int:
        """The index of the current photo, -1 for none."""
        path = self._document.path
        return self.paths.index(path) if path in self.paths else -1

    def add(self, paths: Iterable[Path]) -> None:
        """Open more photos, each once."""
        known = set(self.paths)
        added = [path for path in dict.fromkeys(paths) if path not in known]
        if added:
            self.paths += added
            self.changed.emit()

    def remove(self, path: Path) -> None:
        """Close a photo."""
        if path in self.paths:
            self.paths.remove(path)
            self._parked.pop(path, None)
            self._thumbnails.pop(path, None)
            self._saved.discard(path)
            self.changed.emit()

    def neighbour(self, step: int) -> Path | None:
        """Return the photo `step` places further, None beyond the ends."""
        at = self.current + step
        return self.paths[at] if self.current >= 0 and 0 <= at < len(self.paths) else None

    def badge(self, path: Path) -> Badge:
        """Return the state of a photo."""
        document = self._document
        shown = path == document.path
        held = document if shown else self._parked.get(path)
        if held is not None and held.state is State.WORKING:
            return Badge.WORKING
        if held is not None and held.result is not None and not held.saved:
            return Badge.RESTORED
        return Badge.SAVED if path in self._saved else Badge.NONE

    # decoded photos

    def park(self) -> None:
        """Store the document's photo, because another one will be shown."""
        if self._document.photo is not None and self._document.path in self.paths:
            parked = self._document.park()
            self._parked[parked.path] = parked

    def put(self, parked: Parked) -> None:
        """Store a photo that was read without being shown."""
        self._parked[parked.path] = parked

    def take(self, path: Path) -> Parked | None:
        """Remove and return what is stored of a photo."""
        return self._parked.pop(path, None)

    def parked(self, path: Path) -> Parked | None:
        """Return what is stored of a photo that is not shown."""
        return self._parked.get(path)

    def update(self, path: Path, **changes: object) -> None:
        """Change fields of a photo that is not shown."""
        parked = self._parked.get(path)
        if parked is not None:
            for name, value in changes.items():
                setattr(parked, name, value)
            if parked.result is not None:
                (self._saved.add if parked.saved else self._saved.discard)(path)
            self._announce(path)

    def thin(self) -> None:
        """Drop decoded pixels that are too far away or too many, the farthest first; choices stay."""
        if self.current < 0:
            return
        held = [parked for parked in self._parked.values() if parked.photo is not None]
        held.sort(key=lambda parked: self._distance(parked.path))
        room = MOST_BYTES
        for parked in held:
            room -= parked.bytes
            if _droppable(parked) and (room < 0 or self._distance(parked.path) > NEIGHBOURS):
                room += parked.bytes
                parked.drop_pixels()

    @property
    def crowding(self) -> Path | None:
        """The first photo that must be saved before another is opened, because unsaved results fill the memory."""
        unsaved = [parked for parked in self._parked.values() if parked.unsaved]
        if sum(parked.bytes for parked in unsaved) <= MOST_BYTES:
            return None
        return unsaved[0].path

    @property
    def unsaved(self) -> list[Path]:
        """Return the hidden photos with unsaved results, in the order of the strip."""
        return [path for path in self.paths if path in self._parked and self._parked[path].unsaved]

    def _distance(self, path: Path) -> int:
        return abs(self.paths.index(path) - self.current)

    # thumbnails

    def thumbnail(self, path: Path) -> QImage | None:
        """Return the small picture of a photo, None if there is none yet."""
        return self._thumbnails.get(path)

    def set_thumbnail(self, path: Path, picture: QImage) -> None:
        """Store a small picture; drop the oldest if there are too many."""
        self._thumbnails[path] = picture
        while len(self._thumbnails) > _MOST_THUMBNAILS:
            self._thumbnails.pop(next(iter(self._thumbnails)))
        self._announce(path)

    def _follow(self) -> None:
        path, document = self._document.path, self._document
        if path in self.paths:
            if document.result is not None:
                (self._saved.add if document.saved else self._saved.discard)(path)
            self._announce(path)
        self.current_changed.emit()

    def _announce(self, path: Path) -> None:
        if path in self.paths:
            self.badge_changed.emit(self.paths.index(path))


def _droppable(parked: Parked) -> bool:
    """Whether the pixels can be dropped: the photo is not in progress and has no unsaved result."""
    return parked.state is State.READY and not parked.unsaved
