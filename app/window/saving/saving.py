"""Saves results: where, under which name, over which file. It asks before anything unsaved is lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QWidget

from app.language import tr, translated
from app.settings import Settings
from app.window import dialogs
from app.window.opening.own_files import is_own
from app.window.session import Session
from engine.errors import UserError
from engine.kernels.kernel import Kernel
from engine.masks.mask import Mask
from engine.photos.formats import PICTURE_SUFFIXES
from engine.photos.naming import with_ending
from engine.photos.photo import Photo
from engine.result import Result

if TYPE_CHECKING:
    from app.handover import Handover

_KERNELS = PICTURE_SUFFIXES | {".npy", ".csv", ".txt"}


class Saving(QObject):
    """Asks what must be asked and has the session write.

    handover: the photos that another program handed over, whose results go back in place; None where there are none.
    """

    def __init__(self, window: QWidget, session: Session, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._settings = settings
        self._afterwards: Callable[[], object] | None = None
        self._given_up: list[tuple[Path, Result]] = []
        self.handover: Handover | None = None
        session.written.connect(self._go_on)
        session.refused.connect(self._stay)

    @property
    def waiting(self) -> bool:
        """Whether an action waits until a file is written."""
        return self._afterwards is not None

    def save(self) -> bool:
        """Save under the default name beside the original; return whether writing has begun."""
        path = self._session.document.shown.path
        if path is not None and self.handover is not None and path in self.handover.originals:
            return self._write_back(self.handover, self.handover.originals[path])
        if path is not None and is_own(path):
            return self.save_as()
        target = self.usual_target()
        return target is not None and self._write(target)

    def _write_back(self, handover: Handover, original: Path) -> bool:
        try:
            handover.check(original)
        except UserError as error:
            self._session.refused.emit(translated(error))
            return False
        self._session.writing.result(original, overwrite=True)
        return True

    def save_as(self) -> bool:
        """Ask where to save; return whether writing has begun."""
        suggestion = self.usual_target()
        chosen = dialogs.ask_target(self._window, suggestion) if suggestion else None
        if chosen is None or suggestion is None:
            return False
        return self._write(with_ending(chosen, suggestion.suffix))

    def export(self, target: Path, prepare: Callable[[Photo], Photo], quality: int) -> bool:
        """Write what `prepare` makes of the result; return whether that has begun. quality: 0 for the usual one."""
        how = {**self.how, "quality": quality or self.how["quality"]}
        return self._write(target, prepare=prepare, **how)

    def save_kernel(self, kernel: Kernel) -> None:
        """Ask where to save the kernel."""
        target = self._asked_beside("kernel", tr("Save kernel"), dialogs.KERNELS, endings=_KERNELS)
        if target:
            self._session.writing.other(target, partial(_write_kernel, kernel, target))

    def save_mask(self, mask: Mask) -> None:
        """Ask where to save the mask."""
        target = self._asked_beside("mask", tr("Save mask"), dialogs.MASKS)
        if target:
            self._session.writing.other(target, partial(_write_mask, mask, target))

    def save_sheet(self, parent: QWidget, write: Callable[[Path], object]) -> None:
        """Ask where to save the sheet of methods, and write it."""
        target = self._asked_beside("methods", tr("Save sheet"), dialogs.SHEETS, parent)
        if target:
            write(target)

    def _asked_beside(
        self,
        what: str,
        title: str,
        kinds: str,
        parent: QWidget | None = None,
        endings: Collection[str] = PICTURE_SUFFIXES,
    ) -> Path | None:
        """Ask where to save something of the photo, by default beside it as a PNG file; None to cancel."""
        path = self._session.document.shown.path
        if path is None:
            return None
        suggestion = self._folder(path) / f"{path.stem}-{what}.png"
        chosen = dialogs.ask_target(parent or self._window, suggestion, title, kinds)
        return self._settled(None if chosen is None else with_ending(chosen, ".png", endings))

    def may_leave(self, retry: Callable[[], object]) -> bool:
        """Return whether the photo may be closed now; call `retry` after it has been saved first."""
        shown = self._session.document.shown
        if shown.saved or shown.path is None:
            return True
        in_place = self.handover is not None and shown.path in self.handover.originals
        answer = dialogs.ask_unsaved(self._window, shown.path.name, in_place)
        if answer == "discard":
            if shown.to_save is not None:
                self._given_up.append((shown.path, shown.to_save))
            shown.mark_saved()
            return True
        if answer == "save" and self.save():
            self._afterwards = retry
        else:
            self._stay()
        return False

    @property
    def how(self) -> dict[str, Any]:
        """How photos are written, as `write_photo` wants it."""
        return {"quality": self._settings["quality"] or None, "gps": self._settings["gps"] == "keep"}

    def usual_target(self, path: Path | None = None) -> Path | None:
        """Return where a photo's result would go without a question; None without a photo."""
        from engine.photos.naming import output_path

        opened = self._session.document.shown if path is None else self._session.roll.photo(path)
        if opened is None or opened.path is None:
            return None
        method = opened.to_save.method if opened.to_save else ""
        named = output_path(opened.path, template=self._settings["output_name"], method=method).name
        return self._folder(opened.path) / named

    def _folder(self, path: Path) -> Path:
        if not is_own(path):
            return path.parent
        return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation) or Path.home())

    def _write(self, target: Path, **how: Any) -> bool:
        existed = os.path.exists(target)  # noqa: PTH110 - Path.exists raises where a name is too long
        settled = self._settled(target)
        if settled is None:
            return False
        # Replace only the file that the user agreed to replace: another one may have appeared there meanwhile.
        self._session.writing.result(settled, overwrite=settled == target and existed, **(how or self.how))
        return True

    def _settled(self, target: Path | None) -> Path | None:
        """Return the target after asking about an existing file; None to cancel."""
        from engine.photos.errors import unwritable

        if target is None:
            return None
        try:
            return self._asked(target)
        except OSError as error:
            self._session.refused.emit(translated(unwritable(target, error)))
            return None

    def _asked(self, target: Path) -> Path | None:
        from engine.photos.naming import free_path

        if not target.exists():
            return target
        original = self._session.document.shown.path
        if original is not None and original.exists() and target.samefile(original):
            self._session.refused.emit(
                tr("“{name}” is the original, which is never changed. Choose another name.").format(name=target.name)
            )
            return None
        return dialogs.ask_replace(self._window, target, free_path(target))

    def _go_on(self) -> None:
        afterwards, self._afterwards = self._afterwards, None
        if afterwards and self._session.document.shown.saved:
            afterwards()
        elif afterwards:
            self._stay()

    def _stay(self) -> None:
        """Forget the waiting action, so that the next attempt asks again."""
        self._afterwards = None
        given_up, self._given_up = self._given_up, []
        for path, result in given_up:
            self._session.writing.mark(path, result, False)


def _write_mask(mask: Mask, target: Path) -> None:
    from engine.masks.files import save_mask

    save_mask(mask, target)


def _write_kernel(kernel: Kernel, target: Path) -> None:
    from engine.kernels.files import save_kernel

    save_kernel(kernel, target)
