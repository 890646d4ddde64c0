"""Restores an open photo that is not shown: it is read again if only its choices were kept."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path

from app.window.document import State
from app.window.parked import Parked, RunOutcome, request_to_run
from app.window.session.reading import Reading
from app.window.session.restoring import Restoring
from app.window.session.shared import Shared
from app.window.sidecar import StoredChoices
from app.window.viewer.pyramid import Pyramid
from engine.photos.photo import Photo
from engine.request import Request


class Hidden:
    """The user may come to the photo at any time; then it is an ordinary one that is being restored."""

    def __init__(self, shared: Shared, reading: Reading, restoring: Restoring) -> None:
        self._shared, self._reading, self._restoring = shared, reading, restoring
        self._document, self._roll, self._jobs = shared.document, shared.roll, shared.jobs
        self._reads: set[Path] = set()

    def deblur(self, path: Path) -> None:
        """Restore the photo with its own choices, else with the pinned ones, else by Automatic."""
        parked = self._roll.parked(path)
        if parked is not None and parked.photo is not None:
            self._begin(parked)
        else:
            self._reads.add(path)
            work = partial(self._reading.read, path)
            self._jobs.run(work, partial(self._read, path), partial(self._not_read, path))

    def cancel(self, path: Path | None) -> None:
        """Let a photo that is being read not be restored."""
        if path in self._reads:
            self._reads.discard(path)
            self._restoring.ended(path, False)

    def _read(self, path: Path, answer: tuple[Photo, Pyramid, StoredChoices | None]) -> None:
        photo, original, choices = answer
        wanted = path in self._reads
        self._reads.discard(path)
        if not wanted or path == self._document.path:
            return  # where the user came meanwhile it is read, too, and whoever asked for this asks again
        if path not in self._roll.paths:
            self._restoring.ended(path, False)
            return
        parked = self._roll.parked(path)
        if parked is None or parked.photo is None:
            parked = self._made(path, parked, choices)
            parked.photo, parked.original = photo, original
            self._roll.put(parked)
        self._begin(parked)

    def _made(self, path: Path, kept: Parked | None, choices: StoredChoices | None) -> Parked:
        if kept is not None:
            return kept
        request = dataclasses.replace(
            self._document.pinned or Request(), photo=path, faces=None, kernel=None, areas=()
        )
        made = Parked(path, request, (), False, None, None, None, None, RunOutcome(), True, State.READY, (0.0, ""))
        if choices is not None:
            made.request, made.marks, made.mask, made.searched = choices.request, choices.marks, choices.mask, True
        return made

    def _begin(self, parked: Parked) -> None:
        assert parked.photo is not None and parked.original is not None
        restored = parked.original.blank()
        self._roll.update(
            parked.path,
            before=RunOutcome(parked.result, parked.restored),
            result=None,
            restored=restored,
            state=State.WORKING,
            progress=(0.0, "start"),
        )
        request = request_to_run(parked.path, parked.request, parked.all_marks)
        self._restoring.begin(parked.path, request, parked.photo, restored)

    def _not_read(self, path: Path, error: BaseException) -> None:
        wanted = path in self._reads
        self._reads.discard(path)
        if wanted:
            self._shared.tell(error)
            self._restoring.ended(path, False)
