"""How the photo is looked at: the commands for comparison, zoom, full screen, and the keys that are held."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QWidget

from app.window.commands.group import NO_FACE, NO_RESULT, Acts, CommandGroup
from app.window.commands.table import Actions
from app.window.panels.bars import TopBar
from app.window.photos.document import Document
from app.window.photos.photo_state import State
from app.window.viewer.comparison import MOST_DOUBLINGS, Mode
from app.window.viewer.viewer import Viewer


class Viewing(QObject):
    """Carries commands to the viewer, and the document's pictures, faces and strengths."""

    def __init__(
        self,
        window: QWidget,
        document: Document,
        viewer: Viewer,
        top: TopBar,
        actions: Actions,
        commands: CommandGroup,
    ) -> None:
        super().__init__(window)
        self._window, self._document, self._viewer, self._top = window, document, viewer, top
        self._actions = actions
        self._modes = QActionGroup(self)
        for mode in Mode:
            self._modes.addAction(actions[mode.value])
        actions["faces"].setChecked(True)
        self._add(commands)
        document.picture_changed.connect(
            lambda: viewer.set_pictures(document.shown.original, document.shown.picture, document.shown.result_map)
        )
        document.marks_changed.connect(lambda: viewer.set_marks(document.shown.marks))
        document.state_changed.connect(lambda: viewer.compare(pending=document.shown.state is State.WORKING))
        for signal in (document.request_changed, document.marks_changed, document.picture_changed):
            signal.connect(self._show_strengths)

    def _add(self, commands: CommandGroup) -> None:
        """Carry the commands out."""
        viewer, document = self._viewer, self._document
        zoom: Acts = {
            "fit": viewer.fit,
            "actual": partial(viewer.zoom_to, 1.0),
            "zoom-in": partial(viewer.zoom_step, 1),
            "zoom-out": partial(viewer.zoom_step, -1),
        }
        commands.add(zoom, lambda: document.shown.photo is not None)
        modes = {mode.value: partial(self.compare, mode) for mode in Mode}
        commands.add({**modes, "turn-wipe": self._turn_wipe}, lambda: document.shown.comparable, NO_RESULT)
        commands.add_switches({"faces": viewer.set_marks_visible}, lambda: bool(document.shown.marks), NO_FACE)
        commands.add_switches({"full-screen": self.fill_screen})

    def compare(self, mode: Mode) -> None:
        """Show both pictures in another way; the difference again, but brighter."""
        shown = self._viewer.comparison
        if mode is Mode.DIFFERENCE and shown is not None and shown.shown is mode:
            self._viewer.compare(doublings=shown.doublings % MOST_DOUBLINGS + 1)
        self._viewer.compare(mode=mode)
        self._mark(mode)

    def show_mode(self) -> None:
        """Mark the current mode in the bar and in the menu."""
        self._mark(self._viewer.comparison.mode if self._viewer.comparison else Mode.WIPE)

    def _mark(self, mode: Mode) -> None:
        self._top.modes.choose(mode.value)
        self._actions[mode.value].setChecked(True)

    def fill_screen(self, full: bool) -> None:
        """Enter or leave the full screen; a window that was maximised before is maximised again."""
        if full != self._window.isFullScreen():
            self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _turn_wipe(self) -> None:
        comparison = self._viewer.comparison
        self._viewer.compare(upright=not comparison.upright if comparison else True)
        self.compare(Mode.WIPE)

    def _show_strengths(self) -> None:
        """Blend by the sliders; show a compared file without blending."""
        shown = self._document.shown
        strength, faces = (shown.request.strength, shown.own_strengths) if shown.rival is None else (1.0, ())
        self._viewer.compare(strength=strength, faces=faces)
