"""What would be lost: results and versions of the open photos that are not saved; and how all are saved at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.language import translated
from app.window.photos.open_photo import OpenPhoto
from app.window.saving.saving import Saving
from app.window.session import Session
from app.window.versions.naming import called, file_of
from app.window.versions.version import Version
from app.window.versions.versions import Versions
from engine.errors import UserError


@dataclass(frozen=True, eq=False)
class Loss:
    """A result that is not saved. version: one that is kept beside what the photo shows, None for that itself."""

    path: Path
    version: Version | None = None

    @property
    def name(self) -> str:
        """The photo's name, with that of the version."""
        return self.path.name if self.version is None else f"{self.path.name}  ·  {called(self.version)}"


def losses_of(opened: OpenPhoto) -> list[Loss]:
    """Return what would be lost with a photo, its current result first."""
    if opened.path is None:
        return []
    shown = [Loss(opened.path)] if opened.to_save is not None and not opened.saved else []
    return shown + [Loss(opened.path, version) for version in opened.unsaved_beside]


class SavingAll(QObject):
    """Saves without a question, beside the photos, and replaces no file. ended: how many files it wrote."""

    ended = Signal(int)

    def __init__(self, session: Session, saving: Saving, versions: Versions) -> None:
        super().__init__(session)
        self._session, self._saving, self._versions = session, saving, versions
        self._pending: set[Path] = set()
        self._count = 0
        self._afterwards: Callable[[], object] | None = None
        session.written.connect(self._wrote)
        session.refused.connect(self._failed)

    @property
    def busy(self) -> bool:
        """Whether files are being written."""
        return bool(self._pending)

    def losses(self, path: Path | None = None) -> list[Loss]:
        """Return what would be lost with all photos, the current one first; or with one of them."""
        everything = [self._session.document.shown, *self._session.roll.hidden]
        found = [loss for opened in everything for loss in losses_of(opened) if path in (None, loss.path)]
        back = self._saving.handover.originals if self._saving.handover is not None else {}
        return [loss for loss in found if loss.version is None or loss.path not in back]

    def save(self, losses: Sequence[Loss], afterwards: Callable[[], object] | None = None) -> None:
        """Write them all; call `afterwards` if every file was written."""
        self._afterwards, self._count = afterwards, 0
        begin = [partial(self._begin, loss) for loss in losses]
        for start in begin:
            start()
        if not self._pending:
            self._afterwards = None

    def give_up(self, losses: Sequence[Loss]) -> None:
        """Forget that they are not saved."""
        for loss in losses:
            if loss.version is not None:
                loss.version.saved = True
            elif (opened := self._session.roll.photo(loss.path)) is not None:
                opened.mark_saved()

    def _begin(self, loss: Loss) -> None:
        back = self._saving.handover
        if back is not None and loss.path in back.originals:
            original = back.originals[loss.path]
            try:
                back.check(original)
            except UserError as error:
                self._session.refused.emit(translated(error))
                return
            self._pending.add(original)
            self._session.writing.result(original, loss.path, overwrite=True)
            return
        target = self._target(loss)
        self._pending.add(target)
        if loss.version is None:
            self._session.writing.result(target, loss.path, **self._saving.how)
        else:
            done = self._versions.mark_saved
            self._session.writing.version(loss.version, target, done, loss.path, **self._saving.how)

    def _target(self, loss: Loss) -> Path:
        from engine.photos.naming import free_path

        usual = self._saving.usual_target(loss.path)
        assert usual is not None
        target = free_path(usual) if loss.version is None else file_of(loss.version, usual)
        stem, number = target.stem, 2
        while target in self._pending:
            target, number = free_path(target.with_name(f"{stem}-{number}{target.suffix}")), number + 1
        return target

    def _wrote(self, target: Path) -> None:
        if target not in self._pending:
            return
        self._pending.discard(target)
        self._count += 1
        if self._pending:
            return
        afterwards, self._afterwards = self._afterwards, None
        self.ended.emit(self._count)
        if afterwards is not None:
            afterwards()

    def _failed(self, _: str) -> None:
        """Whatever failed, what waited for all files does not come."""
        self._afterwards = None
        self._pending.clear()
