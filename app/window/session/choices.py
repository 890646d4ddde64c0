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
from app.window.document import Document
from app.window.jobs import Jobs
from app.window.marks import Marks
from app.window.own_files import is_own
from app.window.sidecar import StoredChoices, find_choices, keep_choices
from engine.masks.mask import Mask
from engine.request import Request

_Decided = tuple[Request, Marks, Mask | None]

SETTLED = 500
"""Choices are written after this many milliseconds without a change, so that a crash loses none."""


class ChoiceKeeper:
    """place: where the sidecars are. methods: the methods that can be chosen; any other becomes "auto"."""

    def __init__(self, document: Document, jobs: Jobs) -> None:
        self._document, self._jobs = document, jobs
        self._untouched: _Decided | None = None
        self.place: SidecarPlace = "no"
        self.methods: Collection[str] = ()
        self._writing = threading.Lock()
        self._numbers = count()
        self._newest: dict[Path, int] = {}
        self._settling = QTimer(document)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLED)
        self._settling.timeout.connect(self._settled)
        for signal in (document.request_changed, document.marks_changed, document.mask_changed):
            signal.connect(self._changed)

    def note(self) -> None:
        """Treat the current choices as untouched, so that they are not stored."""
        self._untouched = self._now()

    def note_marks(self) -> None:
        """Treat the current faces as untouched, so that they are not stored."""
        if self._untouched is not None:
            request, _, mask = self._untouched
            self._untouched = (request, self._document.all_marks, mask)

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
        document = self._document
        if document.photo is None or document.path is None or is_own(document.path):
            return False
        return not document.finding_faces and self._untouched is not None and self._now() != self._untouched

    def _now(self) -> _Decided:
        document = self._document
        return document.request, document.all_marks, document.mask

    def _decided(self) -> tuple[Path, StoredChoices, SidecarPlace] | None:
        """Return the choices to write, once for every change."""
        document = self._document
        if not self._differs():
            return None
        assert document.photo is not None and document.path is not None
        self.note()
        choices = StoredChoices(document.request, document.all_marks, document.photo.size, document.mask)
        return document.path, choices, self.place

    def _write(self, number: int, path: Path, choices: StoredChoices, place: SidecarPlace) -> None:
        """Write choices, unless another thread already wrote newer ones for the same photo."""
        with self._writing:
            if self._newest.get(path, -1) < number:
                self._newest[path] = number
                keep_choices(path, choices, place)


def _raise(error: BaseException) -> None:
    raise error
