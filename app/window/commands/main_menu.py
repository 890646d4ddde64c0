"""The menu: every command in the table of its groups, as a button in the bar and as the bar of macOS."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMenu, QMenuBar, QToolButton

from app.language import marked, tr
from app.window.commands.table import Actions

_MENU = (
    (marked("File"), ("open", "open-folder", "batch", "triage", "train", "sample", "save", "save-as", "export")),
    (marked("Photos"), ("next-photo", "previous-photo", "close-photo", "deblur-all", "stop-all", "save-all")),
    (marked("Edit"), ("undo", "redo", "copy", "paste", "presets")),
    (marked("Restore"), ("deblur", "cancel", "pin-choices", "draw-kernel", "find-field")),
    (
        marked("Compare"),
        (
            "wipe",
            "side-by-side",
            "difference",
            "original",
            "result",
            "turn-wipe",
            "compare-methods",
            "compare-file",
        ),
    ),
    (
        marked("Faces"),
        ("all-faces", "no-faces", "next-face", "previous-face", "toggle-face", "add-face", "delete-face", "faces"),
    ),
    (
        marked("Areas"),
        (
            "areas",
            "suggest-areas",
            "show-areas",
            "next-area",
            "previous-area",
            "toggle-area",
            "find-area-kernel",
            "draw-area-kernel",
            "load-area-kernel",
            "delete-area",
            "clear-areas",
        ),
    ),
    (
        marked("Versions"),
        (
            "keep-version",
            "next-version",
            "previous-version",
            "compare-version",
            "rename-version",
            "delete-version",
            "save-versions",
        ),
    ),
    (
        marked("Mask"),
        (
            "brush",
            "eraser",
            "brush-smaller",
            "brush-larger",
            "brush-softer",
            "brush-harder",
            "show-mask",
            "mask-faces",
            "invert-mask",
            "clear-mask",
            "copy-mask",
            "paste-mask",
            "load-mask",
            "save-mask",
        ),
    ),
    (
        marked("View"),
        ("fit", "actual", "zoom-in", "zoom-out", "kernel-field", "face-strip", "panel", "full-screen"),
    ),
    (marked("Theme"), ("theme-system", "theme-light", "theme-dark")),
)
_HELP = ("settings", "shortcuts", "diagnosis", "log", "about", "quit")


def menu_button(actions: Actions, recent: QMenu) -> QToolButton:
    """Return the button that opens the menu. recent: photos opened last."""
    button = QToolButton()
    button.setToolTip(tr("Menu"))
    button.setAccessibleName(tr("Menu"))
    button.setIconSize(QSize(20, 20))
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(button)
    _fill(menu, actions, recent)
    menu.addSeparator()
    for command in _HELP:
        menu.addAction(actions[command])
    button.setMenu(menu)
    return button


def _fill(menu: QMenu | QMenuBar, actions: Actions, recent: QMenu) -> None:
    for title, ids in _MENU:
        part = menu.addMenu(tr(title))
        for command in ids:
            part.addAction(actions[command])
            if command == "open-folder":
                part.addMenu(recent)


def menu_bar(actions: Actions, recent: QMenu) -> QMenuBar:
    """Return the menu bar that macOS shows at the top of the screen."""
    bar = QMenuBar()
    _fill(bar, actions, recent)
    others = bar.addMenu(tr("Help"))
    for command in _HELP:
        others.addAction(actions[command])
    return bar
