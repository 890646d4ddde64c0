"""Carries the user's work with kernels to document, viewer and disk."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.language import marked, tr
from app.trust import explanation_of
from app.window import dialogs
from app.window.commands.group import CommandGroup
from app.window.commands.table import Actions
from app.window.kernels.editor import KernelEditor
from app.window.kernels.lights import offer_lights
from app.window.opening.own_files import KERNELS, keep
from app.window.photos.photo_state import State
from app.window.session import Session
from app.window.viewer.viewer import Viewer
from app.window.widgets.kernel_view import kernel_image
from engine.kernels.kernel import Kernel

if TYPE_CHECKING:
    from engine.kernels.kernel_field import KernelField


class KernelHandling(QObject):
    """Draws kernels and deblurs with them; shows the kernels of a field on request. said: a sentence."""

    said = Signal(str)

    def __init__(self, window: QWidget, session: Session, viewer: Viewer, actions: Actions) -> None:
        super().__init__(window)
        self._window, self._session, self._viewer = window, session, viewer
        self._shown, self._wanted = actions["kernel-field"], actions["find-field"]
        document = session.document
        self._commands = CommandGroup(actions)
        self._commands.add({"draw-kernel": self.draw}, lambda: document.shown.state is State.READY)
        no_field = marked("There are no kernels to show: look for varying blur first.")
        self._commands.add_switches(
            {"kernel-field": lambda _: self._show_field()}, lambda: self._field is not None, no_field
        )
        self._shown.setChecked(True)
        self._wanted.toggled.connect(lambda wanted: document.shown.change_request(field=wanted))
        self._wanted.triggered.connect(self._answer)
        document.request_changed.connect(lambda: self._wanted.setChecked(document.shown.request.field))
        document.result_changed.connect(self._show_field)
        document.state_changed.connect(self._commands.refresh)
        self._show_field()

    def _answer(self, wanted: bool) -> None:
        """Say what the choice leads to, unless a result shows it."""
        if wanted and self._session.document.shown.result is None:
            self.said.emit(tr("The next run looks for a kernel in each part of the photo."))

    def draw(self) -> None:
        """Open the editor, with the kernel that was found if there is one."""
        shown = self._session.document.shown
        part = explanation_of(shown.result) if shown.result else None
        start = part.kernel if part else None
        editor = KernelEditor(self._window, start, shown.path.parent if shown.path else None)
        editor.taken.connect(self._deblur_with)
        editor.open()
        if shown.photo is not None:
            offer_lights(self._session, editor, shown.photo.pixels)

    def ask(self, folder: Path | None) -> None:
        """Ask for a file with a kernel, and choose it."""
        chosen = dialogs.ask_kernel(self._window, folder)
        if chosen:
            self._session.document.shown.choose_method(kernel=chosen)

    def _deblur_with(self, kernel: Kernel) -> None:
        """Store the kernel as a file that requests and sidecars can name, then deblur with it."""
        name = f"drawn {time.strftime('%Y-%m-%d %H.%M.%S')}.npy"
        work = partial(keep, KERNELS, name, partial(_write, kernel))
        self._session.in_background(lambda *_: work(), partial(self._use, self._session.document.shown.photo))

    def _use(self, photo: object, path: Path) -> None:
        if photo is self._session.document.shown.photo:
            self._session.document.shown.choose_method(kernel=path)
            self._session.deblur()

    @property
    def _field(self) -> KernelField | None:
        result = self._session.document.shown.result
        return result.field if result else None

    def _show_field(self) -> None:
        field = self._field
        self._commands.refresh()
        if field is None or not self._shown.isChecked():
            self._viewer.set_field(())
            return
        cell = min(field.shape[1] / field.counts[1], field.shape[0] / field.counts[0])
        places = zip(field.positions, field.kernels, strict=True)
        self._viewer.set_field([((float(x), float(y)), cell, kernel_image(kernel)) for (x, y), kernel in places])


def _write(kernel: Kernel, file: BinaryIO) -> None:
    np.save(file, kernel.values)
