"""What commands do, when they can be used, and why they cannot be used otherwise.

Each part of the window says that of its own commands. Their names, keys and icons are in `app.window.commands.table`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QKeySequence

from app.language import marked, tr
from app.window.commands.table import COMMANDS, Actions
from app.window.photos.open_photo import OpenPhoto
from app.window.photos.photo_state import State

Acts = Mapping[str, Callable[[], object]]
"""What to call for each command."""

NO_RESULT = marked("There is no result yet: press Deblur.")
NO_FACE = marked("No face is marked in this photo: N adds one.")


class CommandGroup:
    """The commands of one part of the window. Call `refresh` after whatever may change which can be used."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions
        self._rules: list[tuple[tuple[str, ...], Callable[[], bool]]] = []

    def add(
        self,
        acts: Acts,
        when: Callable[[], bool] | None = None,
        why: str = "",
    ) -> None:
        """Call these functions for these commands, which can be used `when` it is so; None for always.

        why: a marked sentence that says why they cannot be used, while a photo is open and nothing runs.
        """
        for command, act in acts.items():
            self._actions[command].triggered.connect(lambda _=False, act=act: act())
        self._add_rule(tuple(acts), when, why)

    def add_switches(
        self,
        switches: Mapping[str, Callable[[bool], object]],
        when: Callable[[], bool] | None = None,
        why: str = "",
    ) -> None:
        """Do the same for commands that are on or off; the functions get which."""
        for command, switch in switches.items():
            self._actions[command].toggled.connect(switch)
        self._add_rule(tuple(switches), when, why)

    def refresh(self) -> None:
        """Enable exactly the commands that have an effect now."""
        for commands, when in self._rules:
            usable = when()
            for command in commands:
                self._actions[command].setEnabled(usable)

    def _add_rule(self, commands: tuple[str, ...], when: Callable[[], bool] | None, why: str) -> None:
        self._actions.why.update(dict.fromkeys(commands, why))
        if when is not None:
            self._rules.append((commands, when))


def why_not(keys: QKeySequence, actions: Actions, shown: OpenPhoto) -> str:
    """Return why the command with these keys does nothing now, "" if no command has them."""
    command = next((c for c in COMMANDS if any(QKeySequence(key) == keys for key in c.keys)), None)
    if command is None or command.id == "cancel" or actions[command.id].isEnabled():
        return ""
    if shown.state is State.WORKING:
        return tr("Not while the photo is being restored.")
    if shown.photo is None:
        return tr("Open a photo first.")
    return tr(actions.why.get(command.id, ""))
