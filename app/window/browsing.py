"""Opens, steps through and closes photos, without losing a result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.window import dialogs
from app.window.opening import Opening
from app.window.own_files import is_own
from app.window.preferences import Preferences
from app.window.saving import Saving
from app.window.session import Session


class Browsing(QObject):
    """Changes the photo that is shown. Emits `shown` each time."""

    shown = Signal()

    def __init__(self, window: QWidget, session: Session, saving: Saving, preferences: Preferences) -> None:
        super().__init__(window)
        self._window, self._session, self._saving, self._preferences = window, session, saving, preferences
        self._instead: Sequence[Path] = ()
        self.ways = Opening(session, preferences, self._open_first)
        self._saves_all = False
        session.not_opened.connect(self._open_instead)
        session.refused.connect(self._call_off)

    @property
    def folder(self) -> Path | None:
        """The folder of the current photo, otherwise that of the photo opened last."""
        path = next(iter(self._preferences.recent), None)
        if self._session.document.path is not None and not is_own(self._session.document.path):
            path = self._session.document.path
        return path.parent if path else None

    def ask_and_open(self) -> None:
        """Ask for photos and open them."""
        chosen = dialogs.ask_photos(self._window, self.folder)
        if chosen:
            self.open_all(chosen)

    def ask_and_open_folder(self) -> None:
        """Ask for a folder and open its photos."""
        chosen = dialogs.ask_folder(self._window, self.folder)
        if chosen:
            self.open_all([chosen])

    def open_all(self, paths: Sequence[Path]) -> None:
        """Open photos and folders of photos, and show the first."""
        self.ways.open_all(paths)

    def open(self, path: Path, instead: Sequence[Path] = ()) -> None:
        """Show a photo. The others stay open, unless unsaved results fill the memory.

        instead: photos to show if this one cannot be read; after them comes the current photo.
        """
        shown = self._session.document.path
        instead = (*instead, *([shown] if shown else []))
        crowding = self._session.roll.crowding
        if crowding is not None and crowding != path:
            self._session.open(crowding)
            if not self._saving.may_leave(partial(self.open, path, instead)):
                return
        self._instead = instead
        self._session.open(path)
        self.shown.emit()

    def _open_first(self, paths: Sequence[Path]) -> None:
        self.open(paths[0], paths[1:])

    def _open_instead(self) -> None:
        """Show the next candidate in place of an unreadable photo, so that every open photo stays within reach."""
        left = dict.fromkeys(self._session.roll.paths)
        if left:
            self._open_first([path for path in dict.fromkeys([*self._instead, *left]) if path in left])

    def open_sample(self) -> None:
        """Show the sample."""
        shown = self._session.document.path
        self._instead = [shown] if shown else ()
        self._session.open_sample()
        self.shown.emit()

    def step(self, step: int) -> None:
        """Show the photo `step` places further in the strip."""
        path = self._session.roll.neighbour(step)
        if path is not None:
            self.open(path)

    def close_photo(self) -> None:
        """Close the photo and show a neighbour, after asking about an unsaved result."""
        roll = self._session.roll
        neighbour = roll.neighbour(1) or roll.neighbour(-1)
        if self._saving.may_leave(self.close_photo):
            self._session.close_photo()
            if neighbour is not None:
                self.open(neighbour)

    def may_close(self, retry: Callable[[], object]) -> bool:
        """Ask once about all unsaved results. `retry` is called each time one of them has been saved."""
        unsaved = self._unsaved()
        if self._saves_all and unsaved:
            return self._save_next(unsaved[0], retry)
        self._saves_all = False
        if len(unsaved) < 2:
            if unsaved and unsaved[0] != self._session.document.path:
                self._session.open(unsaved[0])
            return self._saving.may_leave(retry)
        answer = dialogs.ask_unsaved_list(self._window, [path.name for path in unsaved])
        if answer == "save":
            self._saves_all = True
            return self._save_next(unsaved[0], retry)
        return answer == "discard"

    def save_all_and_close(self) -> None:
        """Save every result without asking, one after the other, then close the window."""
        self._saves_all = True
        self._window.close()

    def _unsaved(self) -> list[Path]:
        """Return the photos with unsaved results, the current one first."""
        document = self._session.document
        shown = [document.path] if document.path is not None and not document.saved else []
        return [*shown, *self._session.roll.unsaved]

    def _save_next(self, path: Path, retry: Callable[[], object]) -> bool:
        """Save one of several results; `retry` continues with the next. Return False: closing must wait."""
        if path != self._session.document.path:
            self._session.open(path)
        self._saves_all = self._saving.save_then(retry)
        return False

    def _call_off(self) -> None:
        self._saves_all = False
