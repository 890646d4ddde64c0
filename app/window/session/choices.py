"""Stores the choices for each photo soon after they change, and finds them again."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Collection
from functools import partial
from itertools import count
from pathlib import Path

from PySide6.QtCore import QTimer

from app.settings import SidecarPlace
from app.sidecar import StoredChoices, find_choices, keep_choices
from app.window.jobs import Jobs
from app.window.opening.own_files import is_own
from app.window.photos.document import Document
from app.window.photos.open_photo import OpenPhoto

SETTLED = 500
"""Choices are written after this many milliseconds without a change, so that a crash loses none."""


class ChoiceKeeper:
    """place: where the sidecars are. methods: the methods that can be chosen; any other becomes "auto"."""

    def __init__(self, document: Document, jobs: Jobs) -> None:
        self._document, self._jobs = document, jobs
        self.place: SidecarPlace = "no"
        self.methods: Collection[str] = ()
        self._writing = threading.Lock()
        self._numbers = count()
        self._newest: dict[Path, int] = {}
        self._settling = QTimer(document, singleShot=True, interval=SETTLED)
        self._settling.timeout.connect(self._settled)
        for signal in (document.request_changed, document.marks_changed, document.mask_changed):
            signal.connect(self._changed)

    def note(self, opened: OpenPhoto) -> None:
        """Treat the choices for a photo as untouched, so that they are not stored."""
        opened.untouched = opened.choices

    def note_marks(self, opened: OpenPhoto) -> None:
        """Treat the faces of a photo as untouched, so that they are not stored."""
        if opened.untouched is not None:
            request, _, mask = opened.untouched
            opened.untouched = (request, opened.all_marks, mask)

    def keep(self) -> None:
        """Store the choices for the photo, if the user made any; return when they are written."""
        self._settling.stop()
        decided = self._decided()
        if decided is not None:
            self._write(next(self._numbers), *decided)

    def of(self, path: Path, size: tuple[int, int]) -> StoredChoices | None:
        """Return the stored choices for a photo; ignore boxes that were drawn over a picture of another size."""
        found = find_choices(path, self.place)
        if found is None or found.size != size:
            return None
        if found.request.method in self.methods:
            return found
        return dataclasses.replace(found, request=dataclasses.replace(found.request, method="auto"))

    def _changed(self) -> None:
        if self._differs():
            self._settling.start()

    def _settled(self) -> None:
        decided = self._decided()
        if decided is not None:
            write = partial(self._write, next(self._numbers), *decided)
            self._jobs.run(write, lambda _: None, _raise)

    def _differs(self) -> bool:
        shown = self._document.shown
        if shown.photo is None or shown.path is None or is_own(shown.path):
            return False
        return not shown.finding_faces and shown.untouched not in (None, shown.choices)

    def _decided(self) -> tuple[Path, StoredChoices, SidecarPlace] | None:
        """Return the choices to write, once for every change."""
        shown = self._document.shown
        if not self._differs():
            return None
        assert shown.photo is not None and shown.path is not None
        self.note(shown)
        choices = StoredChoices(shown.request, shown.all_marks, shown.photo.size, shown.mask)
        return shown.path, choices, self.place

    def _write(self, number: int, path: Path, choices: StoredChoices, place: SidecarPlace) -> None:
        """Write choices, unless another thread already wrote newer ones for the same photo."""
        with self._writing:
            if self._newest.get(path, -1) < number:
                self._newest[path] = number
                keep_choices(path, choices, place)


def _raise(error: BaseException) -> None:
    raise error
