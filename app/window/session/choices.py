"""Remembers what was decided about each photo: writes it down when it changed, and finds it again."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from pathlib import Path

from app.window.document import Document
from app.window.marks import Marks
from app.window.sample import own_folder
from app.window.sidecar import Choices, Place, find_choices, keep_choices
from engine.request import Request


class ChoiceKeeper:
    """place: where the sidecars lie. methods: those that can be chosen; another one becomes "auto"."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._untouched: tuple[Request, Marks] | None = None
        self.place: Place = "no"
        self.methods: Collection[str] = ()

    def note(self) -> None:
        """Take the choices as they are now for what nobody has touched."""
        self._untouched = (self._document.request, self._document.all_marks)

    def keep(self) -> None:
        """Write down what was decided about the photo, where anything was."""
        document = self._document
        now = (document.request, document.all_marks)
        if document.photo is None or document.path is None or document.path.is_relative_to(own_folder()):
            return
        if document.finding_faces or self._untouched is None or now == self._untouched:
            return
        self._untouched = now
        keep_choices(document.path, Choices(*now, document.photo.size), self.place)

    def of(self, path: Path, size: tuple[int, int]) -> Choices | None:
        """Return what was kept of a photo; boxes drawn over a picture of another size say nothing about this one."""
        found = find_choices(path, self.place)
        if found is None or found.size != size:
            return None
        if found.request.method in self.methods:
            return found
        return dataclasses.replace(found, request=dataclasses.replace(found.request, method="auto"))
