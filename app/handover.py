"""Photos that another program hands over to be edited: each is kept as a copy, and its result goes back in place.

The other program has the original elsewhere, and asked for this once in so many words. The copies lie in the cache
folder until the program ends; copies of a program that crashed stay there for a week.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from engine.errors import Sentence, UserError
from engine.locking import acquired, is_held
from engine.photos.errors import unreadable, unwritable
from engine.photos.formats import sniff
from engine.photos.losses import lost_by_reading, not_kept
from engine.photos.naming import check_place
from engine.photos.photo import Photo
from engine.photos.writing import photo_kind, write_photo
from engine.user_folders import cache_folder

_log = logging.getLogger(__name__)

_LOCK = "lock"
_WEEK = 7 * 24 * 3600  # seconds
_HEAD = 64  # bytes that tell a format

_Version = tuple[int, int, int, int]


class Handover:
    """A context manager that keeps a copy of every photo for as long as it is open.

    originals: by copy, the file that was handed over. A symbolic link stands for the file that it leads to.
    failures: one for each photo that is missing, cannot be written back, or cannot be copied; it is left alone.
    """

    def __init__(self, photos: Sequence[Path]) -> None:
        self._photos = list(dict.fromkeys(photo.resolve() for photo in photos))
        self._versions: dict[Path, _Version] = {}
        self._folder = _copies() / secrets.token_hex(8)
        self._open = ExitStack()
        self.originals: dict[Path, Path] = {}
        self.failures: list[UserError] = []

    def __enter__(self) -> Handover:
        _remove_old()
        with ExitStack() as stack:
            stack.callback(shutil.rmtree, self._folder, ignore_errors=True)
            for number, photo in enumerate(self._photos):
                try:
                    check_editable(photo)
                    self.originals[self._copied(photo, self._folder / str(number))] = photo
                except UserError as error:
                    self.failures.append(error)
            if self.originals:
                stack.enter_context(acquired(self._folder / _LOCK))
            self._open = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _copied(self, photo: Path, folder: Path) -> Path:
        try:
            folder.mkdir(parents=True)
            self._versions[photo] = _version(photo)
            return Path(shutil.copy(photo, folder / photo.name))
        except OSError as error:
            raise UserError(
                "{path} cannot be copied to {folder}: {reason}.", path=photo, folder=folder, reason=error
            ) from error

    def check(self, original: Path) -> None:
        """Raise UserError if another program has changed the file since it was handed over."""
        try:
            same = _version(original) == self._versions[original]
        except OSError as error:
            raise unwritable(original, error) from error
        if not same:
            raise unwritable(original, Sentence("another program has changed it meanwhile"))

    def written(self, original: Path) -> None:
        """Note that the file is now what this program wrote."""
        self._versions[original] = _version(original)

    def write_back(self, photo: Photo, original: Path) -> None:
        """Write a photo in place of the file that was handed over; raise UserError if that fails."""
        self.check(original)
        write_photo(photo, original, overwrite=True)
        self.written(original)


def check_editable(photo: Path) -> None:
    """Raise UserError if a file is missing, or if no result can be written back into it."""
    try:
        with photo.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise unreadable(photo, error) from error
    kind, found = photo_kind(photo), sniff(head, photo.suffix)
    if not head:
        raise unreadable(photo, "the file is empty")
    if found is not None and found != kind:
        raise unwritable(photo, Sentence("it holds {found}, and its name says {kind}", found=found, kind=kind))
    check_place(photo)
    if not os.access(photo, os.W_OK):
        raise unwritable(photo, "permission is denied")


def check_whole(photo: Photo, original: Path) -> None:
    """Raise UserError if the file holds something that writing it back would lose: layers, further pages, a film."""
    lost = (*lost_by_reading(photo), *not_kept(photo, original))
    if lost:
        raise UserError("{path} cannot be written back: {reason}", path=original, reason=lost[0])


def _version(path: Path) -> _Version:
    state = path.stat()
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns


def _copies() -> Path:
    return cache_folder() / "handed-over"


def _remove_old() -> None:
    """Delete the copies of programs that ended a week ago without deleting them."""
    for folder in _copies().glob("*"):
        try:
            old = time.time() - folder.stat().st_mtime > _WEEK
        except OSError:
            continue
        if old and not is_held(folder / _LOCK):
            _log.info("copies of a program that crashed: %s is deleted", folder)
            shutil.rmtree(folder, ignore_errors=True)
