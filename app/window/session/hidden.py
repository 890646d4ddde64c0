"""Restores any of the open photos, shown or not: it is read again if only its choices were kept."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from app.window.photos.open_photo import OpenPhoto
from app.window.session.reading import Read, Reading
from app.window.session.restoring import Restoring
from app.window.session.shared import Shared


class Hidden:
    """The user may come to the photo at any time; then it is an ordinary one that is being restored."""

    def __init__(self, shared: Shared, reading: Reading, restoring: Restoring) -> None:
        self._shared, self._reading, self._restoring = shared, reading, restoring
        self._reads: set[Path] = set()

    def deblur(self, path: Path) -> None:
        """Restore the photo with its own choices, else with the pinned ones, else by Automatic."""
        opened = self._shared.roll.wanted(path)
        if opened.photo is not None:
            self._restoring.deblur(opened)
        else:
            self._reads.add(path)
            work = partial(self._reading.read, opened)
            self._shared.jobs.run(work, partial(self._read, path, opened), partial(self._not_read, path))

    def cancel(self, path: Path | None) -> None:
        """Let a photo that is being read not be restored."""
        if path in self._reads:
            self._reads.discard(path)
            self._restoring.ended(path, False)

    def _read(self, path: Path, opened: OpenPhoto, read: Read) -> None:
        wanted = path in self._reads
        self._reads.discard(path)
        if opened is self._shared.document.shown:
            self._reading.arrived(opened, read)  # whoever asked for the restoration asks again
        elif wanted and self._shared.roll.photo(path) is not opened:
            self._restoring.ended(path, False)
        elif wanted:
            if opened.photo is None:
                opened.begin_opening()
            self._reading.take(opened, read)
            self._restoring.deblur(opened)

    def _not_read(self, path: Path, error: BaseException) -> None:
        wanted = path in self._reads
        self._reads.discard(path)
        if wanted:
            self._shared.tell(error)
            self._restoring.ended(path, False)
