"""Opens, steps through and closes photos, without losing a result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.window import dialogs
from app.window.opening.own_files import is_own
from app.window.opening.ways_in import Opening
from app.window.saving.saving import Saving
from app.window.saving.unsaved import Loss, SavingAll
from app.window.session import Session
from app.window.settings.preferences import Preferences


class Browsing(QObject):
    """Changes the photo that is shown. Emits `shown` each time."""

    shown = Signal()

    def __init__(
        self, window: QWidget, session: Session, saving: Saving, saving_all: SavingAll, preferences: Preferences
    ) -> None:
        super().__init__(window)
        self._all = saving_all
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
        if self._session.document.shown.path is not None and not is_own(self._session.document.shown.path):
            path = self._session.document.shown.path
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
        shown = self._session.document.shown.path
        instead = (*instead, *([shown] if shown else []))
        crowding = self._session.roll.crowding
        if crowding is not None and crowding != path:
            self._session.open(crowding)
            if not self._may_lose(self._all.losses(crowding), partial(self.open, path, instead)):
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
        shown = self._session.document.shown.path
        self._instead = [shown] if shown else ()
        self._session.open_sample()
        self.shown.emit()

    def step(self, step: int) -> None:
        """Show the photo `step` places further in the strip."""
        path = self._session.roll.neighbour(step)
        if path is not None:
            self.open(path)

    def close_photo(self) -> None:
        """Close the photo and show a neighbour, after asking about what is not saved."""
        roll, path = self._session.roll, self._session.document.shown.path
        neighbour = roll.neighbour(1) or roll.neighbour(-1)
        if path is not None and self._may_lose(self._all.losses(path), self.close_photo):
            self._session.close_photo()
            if neighbour is not None:
                self.open(neighbour)

    def close(self, path: Path) -> None:
        """Close one of the open photos, after asking about what is not saved."""
        if path == self._session.document.shown.path:
            self.close_photo()
        elif self._may_lose(self._all.losses(path), partial(self.close, path)):
            self._session.cancel(path)
            self._session.roll.remove(path)

    def may_close(self, retry: Callable[[], object]) -> bool:
        """Ask once about everything that is not saved. `retry` is called once it has been saved."""
        losses = self._all.losses()
        without_a_question, self._saves_all = self._saves_all, False
        if without_a_question and losses:
            self._all.save(losses, retry)
            return False
        return self._may_lose(losses, retry, closing=True)

    def _may_lose(self, losses: Sequence[Loss], retry: Callable[[], object], closing: bool = False) -> bool:
        """Return whether these results may be lost now; call `retry` after they have been saved first."""
        if len(losses) == 1 and losses[0].version is None:
            if losses[0].path != self._session.document.shown.path:
                self._session.open(losses[0].path)
            return self._saving.may_leave(retry)
        if not losses:
            return True
        answer = dialogs.ask_unsaved_list(self._window, [loss.name for loss in losses])
        if answer == "save":
            self._all.save(losses, retry)
        elif answer == "discard" and not closing:
            self._all.give_up(losses)
        return answer == "discard"

    def save_all_and_close(self) -> None:
        """Save every result without asking, then close the window."""
        self._saves_all = True
        self._window.close()

    def save_all(self) -> None:
        """Save every result of the open photos that is not saved, versions included."""
        self._all.save(self._all.losses())

    def _call_off(self) -> None:
        self._saves_all = False
