"""The commands for open photos: open, step, close, restore, save, undo."""

from __future__ import annotations

from functools import partial

from app.language import marked
from app.window.commands.group import NO_FACE, NO_RESULT, CommandGroup
from app.window.opening.browsing import Browsing
from app.window.photos.history import History
from app.window.photos.open_photo import OpenPhoto
from app.window.photos.photo_state import State
from app.window.saving.saving import Saving
from app.window.session import Session


class PhotoCommands:
    """Carries them to session, browsing, saving and history."""

    def __init__(
        self, commands: CommandGroup, session: Session, browsing: Browsing, saving: Saving, history: History
    ) -> None:
        self._commands, self._session = commands, session
        self._browsing, self._saving, self._history = browsing, saving, history
        self._add_opening()
        self._add_restoring()

    @property
    def _shown(self) -> OpenPhoto:
        return self._session.document.shown

    def _add_opening(self) -> None:
        commands, browsing, roll = self._commands, self._browsing, self._session.roll
        commands.add(
            {
                "open": browsing.ask_and_open,
                "open-folder": browsing.ask_and_open_folder,
                "sample": browsing.open_sample,
                "paste": browsing.ways.paste,
            }
        )
        commands.add(
            {"next-photo": partial(browsing.step, 1)},
            lambda: roll.neighbour(1) is not None,
            marked("This is the last of the open photos."),
        )
        commands.add(
            {"previous-photo": partial(browsing.step, -1)},
            lambda: roll.neighbour(-1) is not None,
            marked("This is the first of the open photos."),
        )
        there = {"close-photo": browsing.close_photo, "copy": browsing.ways.copy}
        commands.add(there, lambda: self._shown.photo is not None)

    def _add_restoring(self) -> None:
        commands, session, history = self._commands, self._session, self._history
        commands.add({"deblur": session.deblur}, lambda: self._shown.state is State.READY)
        commands.add({"cancel": session.cancel}, lambda: self._shown.state is State.WORKING)
        saves = {"save": self._saving.save, "save-as": self._saving.save_as}
        commands.add(saves, lambda: self._shown.has_result, NO_RESULT)
        commands.add({"undo": history.undo}, lambda: history.can_undo, marked("There is nothing to undo."))
        commands.add({"redo": history.redo}, lambda: history.can_redo, marked("There is nothing to redo."))
        faces = {
            "all-faces": lambda: self._shown.choose_all(True),
            "no-faces": lambda: self._shown.choose_all(False),
        }
        commands.add(faces, lambda: bool(self._shown.marks), NO_FACE)
