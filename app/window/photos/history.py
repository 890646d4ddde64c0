"""Undo and redo of every choice (faces, method, strength, grain, mask); a result comes back with its choices."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QObject, Signal

from app.window.photos.document import Document
from app.window.photos.photo_state import State
from app.window.photos.summary import same_run
from app.window.photos.undo_steps import PastResult, Step, UndoSteps
from app.window.versions.version import RunOutcome
from engine.areas.area import Areas
from engine.choices import Choices, names_of

_LONGEST = 200
_MOST_RESULTS = 3
_MOST_BYTES = 500_000_000
"""Limit for the pixels of results kept for undo, without the current one."""


class History(QObject):
    """Records the choices of a document for undo and redo.

    Consecutive changes of one kind (a slider, a dragged box) are one step. Each open photo has its own steps.
    """

    changed = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        document.photo_changed.connect(self._take_photo)
        document.request_changed.connect(self._note)
        document.marks_changed.connect(self._note)
        document.mask_changed.connect(self._note)
        document.result_changed.connect(self._keep_result)

    @property
    def _steps(self) -> UndoSteps:
        return self._document.shown.steps

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._steps.past) and self._document.shown.state is State.READY

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return bool(self._steps.future) and self._document.shown.state is State.READY

    def undo(self) -> None:
        """Undo the last step."""
        if self.can_undo:
            self._go(self._steps.past, self._steps.future)

    def redo(self) -> None:
        """Redo the next step."""
        if self.can_redo:
            self._go(self._steps.future, self._steps.past)

    def _go(self, source: list[Step], target: list[Step]) -> None:
        target.append(self._steps.now)
        now = self._steps.now = source.pop()
        self._steps.kind = None
        self._document.shown.restore_choices(now.request, now.marks, now.mask, now.version)
        self._bring_result()
        self.changed.emit()

    def _bring_result(self) -> None:
        """Show the result of the current choices, if it is still kept."""
        shown = self._document.shown
        if self._steps.now.version in shown.versions or not shown.outdated:
            return
        for made in reversed(self._steps.made):
            result = made.outcome.result
            if result is not None and same_run(result.request, shown.choices_to_run()):
                shown.bring_back(made.outcome, made.saved)
                return

    def _keep_result(self) -> None:
        """Keep the latest results, as many as there is room for."""
        shown, steps = self._document.shown, self._steps
        if shown.result is None:
            return
        steps.now = dataclasses.replace(steps.now, version=shown.version)
        known = next((made for made in steps.made if made.outcome.result is shown.result), None)
        if known is not None:
            known.saved = shown.saved
            return
        steps.made.append(PastResult(RunOutcome(shown.result, shown.restored), shown.saved))
        size = shown.result.pixels.nbytes * 3 // 2  # with its pyramid
        most = min(_MOST_RESULTS, 1 + _MOST_BYTES // max(1, size))
        del steps.made[:-most]

    def _read(self) -> Step:
        shown = self._document.shown
        return Step(shown.request, shown.all_marks, shown.mask, shown.version)

    def _take_photo(self) -> None:
        """Go on with the steps of the photo; what changed while it was not shown is no step."""
        self._steps.now, self._steps.kind = self._read(), None
        self.changed.emit()

    def _note(self) -> None:
        steps, now = self._steps, self._read()
        if now == steps.now:
            return
        kind = _kind_of(steps.now, now)
        if kind == "kernels":
            steps.now = now
            return
        if kind == "found":
            steps.past.clear()
        elif kind is None or kind != steps.kind:
            steps.past.append(steps.now)
            del steps.past[:-_LONGEST]
        steps.kind, steps.now = kind, now
        steps.future.clear()
        self.changed.emit()


def _kind_of(before: Step, after: Step) -> object:
    """Return the kind of a change: changes of one kind merge into a step; None never merges.

    "found" for faces that a search found, "kernels" for kernels that were found in areas: both are no choice.
    """
    if before.version is not after.version:
        return None
    if before.request != after.request:
        changed = frozenset(n for n in names_of(Choices) if getattr(before.request, n) != getattr(after.request, n))
        if changed == {"areas"}:
            return _kind_of_areas(before.request.areas, after.request.areas)
        return changed if changed <= {"strength", "grain", "smallest_face"} else None
    if before.mask is not after.mask:
        return None
    if not before.marks and all(mark.face for mark in after.marks):
        return "found"
    if len(before.marks) == len(after.marks):
        moved = [i for i, (a, b) in enumerate(zip(before.marks, after.marks, strict=True)) if a.box != b.box]
        if moved:
            return ("box", tuple(moved))
        both = zip(before.marks, after.marks, strict=True)
        stronger = [index for index, (a, b) in enumerate(both) if a.strength != b.strength]
        if len(stronger) == 1:
            return ("strength", *stronger)
    return None


def _kind_of_areas(before: Areas, after: Areas) -> object:
    if len(before) != len(after):
        return None
    both = list(zip(before, after, strict=True))
    if all((a.asked, a.on) == (b.asked, b.on) for a, b in both):
        # a kernel that was forgotten so that it is looked for again is no choice either
        return "kernels"
    moved = [index for index, (a, b) in enumerate(both) if a.box != b.box]
    return ("area", *moved) if moved else None
