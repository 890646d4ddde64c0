"""Every command of the window in one table. Menus, buttons, shortcuts and their list are made from it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.language import marked, tr
from app.window.theme.dressed import palette_in_force
from app.window.theme.icons import icon


@dataclass(frozen=True)
class Command:
    """A command of the user. keys: shortcuts; the first is displayed. tip: what it does to the picture."""

    id: str
    group: str
    title: str
    tip: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False


COMMANDS = (
    Command("open", "File", "Open photos…", "Choose photos on this computer", ("Ctrl+O",), "open"),
    Command("open-folder", "File", "Open folder…", "Open all photos of a folder", ("Ctrl+Shift+O",), "folder"),
    Command("batch", "File", "Batch…", "Restore all photos of a folder", ("Ctrl+B",), "folder"),
    Command("triage", "File", "Triage…", "See which photos of a folder are blurred", ("Ctrl+G",), "search"),
    Command("train", "File", "Training…", "Teach a method sharp photos of your own", ("Ctrl+T",), "train"),
    Command("next-photo", "File", "Next photo", "Show the next of the open photos", ("PgDown", "Ctrl+Tab")),
    Command("previous-photo", "File", "Previous photo", "Show the one before", ("PgUp", "Ctrl+Shift+Tab")),
    Command("close-photo", "File", "Close photo", "Put the photo away; its choices are kept", ("Ctrl+W",)),
    Command("sample", "File", "Try the sample", "Open a blurred portrait drawn by the program", ("Ctrl+Alt+O",)),
    Command("save", "File", "Save", "Save the result beside the original, which stays as it is", ("Ctrl+S",), "save"),
    Command("save-as", "File", "Save as…", "Choose name, place and format of the result", ("Ctrl+Shift+S",), "save"),
    Command("save-all", "File", "Save all", "Save what is not saved yet of all open photos", ("Ctrl+Alt+Shift+S",)),
    Command("quit", "File", "Quit", "Close the window", ("Ctrl+Q",)),
    Command("deblur", "Restore", "Deblur", "Remove the blur with the chosen method", ("Ctrl+Return", "Ctrl+Enter")),
    Command("export", "File", "Export…", "Choose format, size, colours and place of a file", ("Ctrl+E",), "save"),
    Command(
        "deblur-all",
        "Restore",
        "Deblur all",
        "Remove the blur from every open photo, one after another",
        ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"),
    ),
    Command("stop-all", "Restore", "Stop all", "Let no other open photo begin", ("Shift+Esc",)),
    Command("cancel", "Restore", "Cancel", "Stop the work and go back to what was there before", ("Esc",)),
    Command("all-faces", "Restore", "Choose all faces", "Restore every face that was found", ("Ctrl+A",)),
    Command("no-faces", "Restore", "Choose no face", "Leave every face as it is", ("Ctrl+Shift+A",)),
    Command("add-face", "Restore", "Add a face", "Drag a box round a face that was not found", ("N",), "", True),
    Command(
        "delete-face",
        "Restore",
        "Delete the box",
        "Remove the box in focus",
        ("Del", "Backspace"),
    ),
    Command("next-face", "Restore", "Next face", "Go to the next face, and bring it into view", (".",)),
    Command("previous-face", "Restore", "Previous face", "Go to the face before", (",",)),
    Command("toggle-face", "Restore", "Choose or leave out", "Restore the face in focus, or leave it alone", ("X",)),
    Command(
        "pin-choices",
        "Restore",
        "Keep choices for the next photos",
        "Let the next photos begin with this method, region, strength and grain, not with Automatic",
        ("Ctrl+K",),
        "pin",
        True,
    ),
    Command("keep-version", "Versions", "Keep as a version", "Go on with a copy; what is seen now stays", ("V",)),
    Command("next-version", "Versions", "Next version", "Show the next result of this photo", ("J",)),
    Command("previous-version", "Versions", "Previous version", "Show the result before", ("Shift+J",)),
    Command(
        "compare-version",
        "Versions",
        "Compare versions",
        "Show another version in the place of Before, in every view",
        ("A",),
        "",
        True,
    ),
    Command("rename-version", "Versions", "Rename version…", "Give this result a name of your own", ("F2",)),
    Command("delete-version", "Versions", "Delete version", "Take this result out of the list", ("Shift+Del",)),
    Command("save-versions", "Versions", "Save all versions", "Save each that is not saved", ("Ctrl+Alt+S",)),
    Command("areas", "Areas", "Blur areas", "Draw boxes, each with a kernel of its own", ("G",), "area", True),
    Command("suggest-areas", "Areas", "Suggest areas", "Find places that tell most and differ", ("Shift+G",)),
    Command(
        "show-areas", "Areas", "Show the areas", "Show or hide the areas over the photo", ("Ctrl+Shift+G",), "", True
    ),
    Command("next-area", "Areas", "Next area", "Go to the next area, and bring it into view", ("Alt+Right",)),
    Command("previous-area", "Areas", "Previous area", "Go to the area before", ("Alt+Left",)),
    Command(
        "toggle-area",
        "Areas",
        "Use or leave out",
        "Restore by the area in focus, or leave it out",
        ("Shift+X",),
    ),
    Command(
        "find-area-kernel", "Areas", "Find its kernel again", "Look for the kernel in the area in focus", ("Shift+L",)
    ),
    Command("draw-area-kernel", "Areas", "Draw its kernel…", "Draw how the area in focus moved", ("Shift+K",)),
    Command(
        "load-area-kernel",
        "Areas",
        "Kernel from a file…",
        "Give the area in focus a kernel from a file",
        ("Ctrl+Shift+K",),
    ),
    Command("delete-area", "Areas", "Delete this area", "Remove the area in focus", ("Ctrl+Del",)),
    Command("clear-areas", "Areas", "Delete all areas", "Restore the photo by a method again", ("Ctrl+Shift+Del",)),
    Command("brush", "Mask", "Brush", "Paint where the result is seen", ("Q",), "brush", True),
    Command("eraser", "Mask", "Eraser", "Rub out where the photo stays as it was", ("E",), "eraser", True),
    Command("brush-smaller", "Mask", "Smaller brush", "Paint finer", ("[",)),
    Command("brush-larger", "Mask", "Larger brush", "Paint broader", ("]",)),
    Command("brush-softer", "Mask", "Softer brush", "Let strokes end more softly", ("{",)),
    Command("brush-harder", "Mask", "Harder brush", "Let strokes end more sharply", ("}",)),
    Command("show-mask", "Mask", "Show the mask", "Tint the photo where the result is seen", ("H",), "mask", True),
    Command("mask-faces", "Mask", "Mask from faces", "Show the result in the chosen faces only", ("Shift+Q",)),
    Command("invert-mask", "Mask", "Invert", "Exchange what is restored and what stays", ("Ctrl+I",)),
    Command("clear-mask", "Mask", "Clear", "Take the mask away: the result covers the whole photo", ("Shift+E",)),
    Command("load-mask", "Mask", "Load mask…", "Take a greyscale picture: white is restored", ("Ctrl+Shift+L",)),
    Command(
        "save-mask",
        "Mask",
        "Save mask…",
        "Keep the mask as a picture, for other programs or a batch",
        ("Ctrl+Shift+M",),
    ),
    Command("copy-mask", "Mask", "Copy mask", "Remember the mask for other photos of the series", ("Ctrl+Alt+C",)),
    Command("paste-mask", "Mask", "Paste mask", "Take the mask that was copied", ("Ctrl+Alt+V",)),
    Command("undo", "Restore", "Undo", "Take the last choice back", ("Ctrl+Z",), "undo"),
    Command("redo", "Restore", "Redo", "Make the choice again", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    Command("fit", "View", "Fit", "Show the whole photo", ("0", "Ctrl+0"), "fit"),
    Command("actual", "View", "100%", "Show one pixel of the photo on one of the screen", ("1", "Ctrl+1")),
    Command("zoom-in", "View", "Zoom in", "Look closer, down to single pixels", ("+", "=", "Ctrl++"), "zoom-in"),
    Command("zoom-out", "View", "Zoom out", "See more of the photo", ("-", "Ctrl+-"), "zoom-out"),
    Command("wipe", "Compare", "Wipe", "Drag a divider between before and after", ("W",), "wipe", True),
    Command(
        "side-by-side", "Compare", "Side by side", "Before and after, moving together", ("S",), "side-by-side", True
    ),
    Command(
        "difference",
        "Compare",
        "Difference",
        "What the result changed; press again for brighter",
        ("D",),
        "difference",
        True,
    ),
    Command("original", "Compare", "Before", "The photo as it was", ("O",), "original", True),
    Command("result", "Compare", "After", "The restored photo alone", ("R",), "result", True),
    Command("compare-methods", "Compare", "Compare methods…", "See what every method makes of it", ("M",), "compare"),
    Command("compare-file", "Compare", "Compare with a file…", "See another file beside it", ("Ctrl+M",), "", True),
    Command("turn-wipe", "Compare", "Turn the divider", "Wipe from side to side or from top to bottom", ("T",)),
    Command("draw-kernel", "Restore", "Draw a kernel…", "Draw how the camera moved and undo it", ("K",), "kernel"),
    Command("find-field", "Restore", "Look for varying blur", "Find a kernel for each part of it", ("Y",), "", True),
    Command("kernel-field", "View", "Kernels over the photo", "Show each kernel at its place", ("L",), "", True),
    Command("faces", "View", "Face boxes", "Show or hide the boxes over the photo", ("F",), "faces", True),
    Command("face-strip", "View", "Strip of faces", "All faces with their sharpness", ("Shift+F",), "faces", True),
    Command("panel", "View", "Side panel", "Show or hide the panel, to see the photo alone", ("P",), "", True),
    Command("full-screen", "View", "Full screen", "Give the photo the whole screen", ("F11",), "", True),
    Command("copy", "Edit", "Copy", "Put the restored picture on the clipboard", ("Ctrl+C",), "copy"),
    Command("paste", "Edit", "Paste", "Open a picture or files from the clipboard", ("Ctrl+V",)),
    Command("presets", "Edit", "Presets…", "Save the current choices, or use saved ones", ("Ctrl+Shift+P",)),
    Command("settings", "Edit", "Settings…", "Device, memory, names of results, theme", ("Ctrl+,",)),
    Command("theme-system", "Theme", "As the system", "Light or dark as the system says", ("Alt+1",), "", True),
    Command("theme-light", "Theme", "Light", "Light whatever the system says", ("Alt+2",), "", True),
    Command("theme-dark", "Theme", "Dark", "Dark whatever the system says", ("Alt+3",), "", True),
    Command("shortcuts", "Help", "Keyboard shortcuts", "Every command, with its keys", ("F1", "Ctrl+/"), "keyboard"),
    Command("diagnosis", "Help", "Diagnosis…", "Devices, weights and folders, and a report to copy", ("Ctrl+D",)),
    Command("log", "Help", "Log…", "What the program did and what went wrong", ("Ctrl+L",)),
    Command("about", "Help", "About Acutance", "Version, licences, the methods and their weights", ("Shift+F1",)),
)

GESTURES = (
    (marked("Compare"), marked("Blink: before while held, after when let go"), "B"),
    (marked("View"), marked("Zoom at the pointer"), marked("Wheel; pinch")),
    (marked("View"), marked("Move the photo on a trackpad"), marked("Two fingers")),
    (marked("File"), marked("Take the result into another program"), marked("Drag its name or thumbnail")),
    (marked("View"), marked("Move the photo"), marked("Drag, or arrows")),
    (marked("View"), marked("Switch between the whole photo and 100%"), marked("Double click")),
    (marked("Compare"), marked("Move the divider"), marked("Shift and arrows")),
    (marked("Restore"), marked("Choose a face, or leave it out"), marked("Click")),
    (marked("Mask"), marked("Paint, while the brush is held"), marked("Drag")),
    (marked("Mask"), marked("Paint a straight line from the last stroke"), marked("Shift and click")),
    (marked("Mask"), marked("Brush and eraser exchanged while held"), "Alt"),
    (marked("Mask"), marked("Move the photo, while the brush is held"), marked("Middle button, drag")),
    (
        marked("Mask"),
        marked("Move the brush; paint where it is; paint along"),
        marked("Arrows; Enter; Ctrl and arrows"),
    ),
    (marked("Areas"), marked("Draw an area, while areas are drawn"), marked("Drag")),
    (marked("Areas"), marked("Move an area; resize it by its handles"), marked("Drag")),
    (marked("Areas"), marked("Draw an area over another"), marked("Shift and drag")),
    (marked("Areas"), marked("Put an area into the middle"), marked("Enter")),
    (marked("Areas"), marked("Next or previous area; leave it out; delete it"), ". , X Del"),
    (marked("Areas"), marked("Move the area in focus"), marked("Ctrl and arrows")),
    (marked("Areas"), marked("Make the area in focus larger or smaller"), marked("Ctrl, Shift and arrows")),
    (marked("Areas"), marked("What can be done with the area in focus"), marked("Menu key, or right click")),
    (marked("Restore"), marked("Draw a box round a face"), marked("Shift and drag")),
    (marked("Restore"), marked("Put a box into the middle, while adding a face"), marked("Enter")),
    (marked("Restore"), marked("Move the box in focus"), marked("Ctrl and arrows")),
    (marked("Restore"), marked("Make the box in focus larger or smaller"), marked("Ctrl, Shift and arrows")),
)
"""Gestures that are no commands, as (group, what it does, how)."""


class Actions:
    """Holds a QAction for each command, by its id. why: a marked sentence for commands that cannot be used now."""

    def __init__(self, owner: QWidget) -> None:
        self._all: dict[str, QAction] = {}
        self.why: dict[str, str] = {}
        for command in COMMANDS:
            action = QAction(tr(command.title), owner)
            action.setObjectName(command.id)
            action.setShortcuts([QKeySequence(key) for key in command.keys])
            action.setCheckable(command.checkable)
            action.setToolTip(tip(command))
            owner.addAction(action)
            self._all[command.id] = action

    def __getitem__(self, command_id: str) -> QAction:
        return self._all[command_id]

    def dress(self) -> None:
        """Give every action the icon of the theme."""
        for command in COMMANDS:
            if command.icon:
                self._all[command.id].setIcon(icon(command.icon, palette_in_force()))


def tip(command: Command) -> str:
    """Return what the command does, with its keys."""
    keys = shown_keys(command)
    return f"{tr(command.tip)}  ({keys})" if keys else tr(command.tip)


def shown_keys(command: Command) -> str:
    """Return the first shortcut as the system writes it."""
    return QKeySequence(command.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if command.keys else ""
