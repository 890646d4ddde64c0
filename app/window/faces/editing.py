"""Carries the user's edits of face boxes from the viewer to the document."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu

from app.language import tr
from app.window.commands.group import NO_FACE, CommandGroup
from app.window.commands.table import Actions
from app.window.photos.document import Document
from app.window.photos.photo_state import State
from app.window.viewer.viewer import Viewer
from app.window.widgets.kernel_view import kernel_image
from engine.faces.face import Box


class FaceEditing(QObject):
    """Chooses, adds, reshapes and deletes boxes; does nothing while the engine works."""

    def __init__(self, viewer: Viewer, document: Document, actions: Actions, commands: CommandGroup) -> None:
        super().__init__(viewer)
        self._viewer = viewer
        self._document = document
        self._add = actions["add-face"]
        viewer.face_clicked.connect(self._toggle)
        viewer.face_drawn.connect(self._drawn)
        viewer.face_changed.connect(self._reshape)
        viewer.face_menu_asked.connect(lambda index, at: self.menu(index).popup(at))
        commands.add_switches({"add-face": viewer.set_drawing}, lambda: document.shown.photo is not None)
        of_one = {
            "delete-face": self._delete_hovered,
            "toggle-face": self._toggle_hovered,
            "next-face": lambda: viewer.step_face(1),
            "previous-face": lambda: viewer.step_face(-1),
        }
        commands.add(of_one, lambda: bool(document.shown.marks), NO_FACE)
        document.result_changed.connect(self._show_kernels)

    @property
    def _free(self) -> bool:
        return self._document.shown.state is State.READY

    def menu(self, index: int) -> QMenu:
        """Return the menu of a face."""
        menu = QMenu(self._viewer)
        chosen = self._document.shown.marks[index].chosen
        entries = (
            (tr("Leave this face out") if chosen else tr("Restore this face"), partial(self._toggle, index)),
            (tr("Restore only this face"), partial(self._only, index)),
            (tr("Delete the box"), partial(self._delete, index)),
        )
        for text, act in entries:
            menu.addAction(text).triggered.connect(lambda _=False, act=act: act())
        menu.setEnabled(self._free)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _toggle(self, index: int) -> None:
        if self._free:
            self._document.shown.toggle_mark(index)

    def _only(self, index: int) -> None:
        self._document.shown.choose_all(False)
        self._document.shown.toggle_mark(index)

    def _drawn(self, box: Box) -> None:
        self._add.setChecked(False)
        if self._free:
            self._document.shown.add_mark(box)

    def _reshape(self, index: int, box: Box) -> None:
        if self._free:
            self._document.shown.change_mark(index, box=box)

    def _delete(self, index: int) -> None:
        if self._free:
            self._document.shown.remove_mark(index)

    def _delete_hovered(self) -> None:
        if self._viewer.hovered_mark is not None:
            self._delete(self._viewer.hovered_mark)

    def _toggle_hovered(self) -> None:
        if self._viewer.hovered_mark is not None:
            self._toggle(self._viewer.hovered_mark)

    def _show_kernels(self) -> None:
        result = self._document.shown.result
        faces = result.faces if result else ()
        kernels: dict[Box, QImage] = {face.face.box: kernel_image(face.kernel) for face in faces if face.kernel}
        self._viewer.set_kernels(kernels)
