"""The list of open photos: their order, their states, and what of them stays decoded."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.language import marked
from app.window.photos.document import Document
from app.window.photos.marked_photo import MarkedPhoto
from app.window.photos.open_photo import OpenPhoto
from app.window.photos.photo_state import Aspect, State

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
    """Owns the open photos, of which the document shows one. A photo is made here when it is first wanted.

    Memory is bounded: of the photos that are not shown, only near ones stay decoded, within MOST_BYTES. Photos in
    progress or unsaved are never dropped. If they alone need too much, `crowding` names one.
    """

    changed = Signal()
    current_changed = Signal()
    badge_changed = Signal(int)

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self.paths: list[Path] = []
        self._photos: dict[Path, OpenPhoto] = {}
        self._thumbnails: dict[Path, QImage] = {}
        document.state_changed.connect(self.current_changed)

    @property
    def current(self) -> int:
        """The index of the current photo, -1 for none."""
        path = self._document.shown.path
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
            self._thumbnails.pop(path, None)
            photo = self._photos.pop(path, None)
            if photo is not None:
                photo.drop_pixels()
                photo.leave()
            self.changed.emit()

    def neighbour(self, step: int) -> Path | None:
        """Return the photo `step` places further, None beyond the ends."""
        at = self.current + step
        return self.paths[at] if self.current >= 0 and 0 <= at < len(self.paths) else None

    def badge(self, path: Path) -> Badge:
        """Return the state of a photo."""
        photo = self._photos.get(path)
        if photo is None:
            return Badge.NONE
        if photo.state is State.WORKING:
            return Badge.WORKING
        if photo.result is not None and not photo.saved:
            return Badge.RESTORED
        return Badge.SAVED if photo.result is not None or photo.was_saved else Badge.NONE

    # the photos

    def photo(self, path: Path) -> OpenPhoto | None:
        """Return what is known of a photo, None if it was never wanted."""
        return self._photos.get(path)

    def wanted(self, path: Path) -> OpenPhoto:
        """Return a photo; make it if it was never wanted."""
        if path not in self._photos:
            self._photos[path] = OpenPhoto(path, self._document.defaults, self._follow)
        return self._photos[path]

    @property
    def hidden(self) -> list[OpenPhoto]:
        """The photos that are not shown, in the order of the strip."""
        known = [self._photos[path] for path in self.paths if path in self._photos]
        return [photo for photo in known if photo is not self._document.shown]

    def thin(self) -> None:
        """Drop decoded pixels that are too far away or too many, the farthest first; choices stay."""
        if self.current < 0:
            return
        room = MOST_BYTES
        for photo in sorted(self.hidden, key=self._distance):
            room -= photo.bytes
            if _droppable(photo) and (room < 0 or self._distance(photo) > NEIGHBOURS):
                room += photo.bytes
                photo.drop_pixels()

    @property
    def crowding(self) -> Path | None:
        """The first photo that must be saved before another is opened, because unsaved results fill the memory."""
        unsaved = [photo for photo in self.hidden if photo.unsaved]
        return unsaved[0].path if sum(photo.bytes for photo in unsaved) > MOST_BYTES else None

    def _distance(self, photo: OpenPhoto) -> int:
        assert photo.path is not None
        return abs(self.paths.index(photo.path) - self.current)

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

    def _follow(self, photo: MarkedPhoto, aspect: Aspect) -> None:
        if aspect in (Aspect.STATE, Aspect.RESULT):
            self._announce(photo.path)
        self._document.follow(photo, aspect)

    def _announce(self, path: Path | None) -> None:
        if path in self.paths:
            self.badge_changed.emit(self.paths.index(path))


def _droppable(photo: OpenPhoto) -> bool:
    """Whether the pixels can be dropped: the photo is not in progress and has no unsaved result."""
    return photo.photo is not None and photo.state is State.READY and not photo.unsaved
