"""Which commands can be used now."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

from app.language import marked, tr
from app.window.commands import COMMANDS, Actions
from app.window.history import History
from app.window.open_photo import OpenPhoto
from app.window.photo_state import State
from app.window.roll import Roll
from app.window.viewer.comparison import Mode

ONE_FACE = ("next-face", "previous-face", "toggle-face", "delete-face")


_WHY = {
    "undo": marked("There is nothing to undo."),
    "redo": marked("There is nothing to redo."),
    "next-photo": marked("This is the last of the open photos."),
    "previous-photo": marked("This is the first of the open photos."),
    **dict.fromkeys(
        ("save", "save-as", "export", *(mode.value for mode in Mode), "turn-wipe"),
        marked("There is no result yet: press Deblur."),
    ),
    **dict.fromkeys(
        ("all-faces", "no-faces", "faces", "face-strip", *ONE_FACE),
        marked("No face is marked in this photo: N adds one."),
    ),
    **dict.fromkeys(
        ("invert-mask", "clear-mask", "save-mask", "copy-mask"), marked("There is no mask yet: Q paints one.")
    ),
    **dict.fromkeys(
        ("brush-smaller", "brush-larger", "brush-softer", "brush-harder"), marked("Take the brush first: press Q.")
    ),
    **dict.fromkeys(
        ("next-version", "previous-version", "compare-version", "delete-version"),
        marked("There is no other version: V keeps this one."),
    ),
    **dict.fromkeys(("keep-version", "rename-version"), marked("There is no result yet: press Deblur.")),
    **dict.fromkeys(("save-versions", "save-all"), marked("There is nothing to save.")),
    "stop-all": marked("Not all photos are being restored."),
    **dict.fromkeys(("show-areas", "next-area", "previous-area"), marked("There is no blur area yet: G draws one.")),
    "paste-mask": marked("No mask was copied."),
    "kernel-field": marked("There are no kernels to show: look for varying blur first."),
}
"""Why a command cannot be used while a photo is open and nothing is running."""


def why_not(keys: QKeySequence, actions: Actions, shown: OpenPhoto) -> str:
    """Return why the command with these keys does nothing now, "" if no command has them."""
    command = next((c for c in COMMANDS if any(QKeySequence(key) == keys for key in c.keys)), None)
    if command is None or command.id == "cancel" or actions[command.id].isEnabled():
        return ""
    if shown.state is State.WORKING:
        return tr("Not while the photo is being restored.")
    if shown.photo is None:
        return tr("Open a photo first.")
    return tr(_WHY.get(command.id, ""))


def show_availability(actions: Actions, shown: OpenPhoto, history: History, roll: Roll) -> None:
    """Enable exactly the commands that have an effect now."""
    has_photo, ready = shown.photo is not None, shown.state is State.READY
    usable = {
        ("deblur", "compare-methods"): ready,
        ("cancel",): shown.state is State.WORKING,
        ("undo",): history.can_undo,
        ("redo",): history.can_redo,
        ("save", "save-as", "export"): ready and shown.result is not None,
        ("all-faces", "no-faces", "faces", "face-strip", *ONE_FACE): bool(shown.marks),
        ("fit", "actual", "zoom-in", "zoom-out", "add-face", "close-photo", "copy", "compare-file"): has_photo,
        (*(mode.value for mode in Mode), "turn-wipe"): shown.comparable,
        ("next-photo",): roll.neighbour(1) is not None,
        ("previous-photo",): roll.neighbour(-1) is not None,
    }
    for commands, enabled in usable.items():
        for command in commands:
            actions[command].setEnabled(enabled)
