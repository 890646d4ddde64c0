"""The grid of the triage page: photos in cells that fill its width, decided on by keys."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QListView

from app.language import tr
from app.triage.marks import Mark
from app.window.triage.cell import CELL, Cell

_AnyIndex = QModelIndex | QPersistentModelIndex
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
KEYS = {Qt.Key.Key_1: Mark.KEEP, Qt.Key.Key_2: Mark.SAVE, Qt.Key.Key_3: Mark.REJECT, Qt.Key.Key_0: Mark.NONE}


class Grid(QListView):
    """The photos. decided: a mark for the chosen ones, by a key. loupe_asked: show or hide the loupe.

    moved: the loupe's pictures by a step to the right, and one down. chosen: another photo is the current one.
    """

    decided = Signal(object)
    loupe_asked = Signal()
    moved = Signal(int, int)
    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.cell = Cell(self)
        self.setItemDelegate(self.cell)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Photos of the folder"))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Let the cells fill the width."""
        super().resizeEvent(event)
        width = self.viewport().width() - 1
        self.cell.width = width // max(1, width // CELL.width())
        self.setGridSize(QSize(self.cell.width, CELL.height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Decide on the chosen photos by 1, 2, 3 and 0; Space is the loupe, and Alt with an arrow moves in it."""
        key = Qt.Key(event.key())
        if key in KEYS:
            self.decided.emit(KEYS[key])
        elif key is Qt.Key.Key_Space:
            self.loupe_asked.emit()
        elif key in _ARROWS and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(*_ARROWS[key])
        else:
            super().keyPressEvent(event)

    def currentChanged(self, current: _AnyIndex, previous: _AnyIndex) -> None:  # noqa: N802
        """Tell that another photo is the current one."""
        super().currentChanged(current, previous)
        self.chosen.emit()
