"""Which commands can be used now."""

from __future__ import annotations

from app.window.commands import Actions
from app.window.document import Document, State
from app.window.history import History
from app.window.roll import Roll
from app.window.viewer.comparison import Mode

ONE_FACE = ("next-face", "previous-face", "toggle-face", "delete-face")


def show_availability(actions: Actions, document: Document, history: History, roll: Roll) -> None:
    """Enable the commands that would do something, and no other."""
    has_photo, ready = document.photo is not None, document.state is State.READY
    usable = {
        ("deblur", "compare-methods"): ready,
        ("cancel",): document.state is State.WORKING,
        ("undo",): history.can_undo,
        ("redo",): history.can_redo,
        ("save", "save-as"): ready and document.result is not None,
        ("all-faces", "no-faces", "faces", *ONE_FACE): bool(document.marks),
        ("fit", "actual", "zoom-in", "zoom-out", "add-face", "close-photo", "copy", "compare-file"): has_photo,
        (*(mode.value for mode in Mode), "turn-wipe"): document.comparable,
        ("next-photo",): roll.neighbour(1) is not None,
        ("previous-photo",): roll.neighbour(-1) is not None,
    }
    for commands, enabled in usable.items():
        for command in commands:
            actions[command].setEnabled(enabled)
