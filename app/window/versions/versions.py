"""The versions of the photo that is shown: every run adds one, and each keeps its own strength, faces and mask."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QObject, Signal

from app.window.photos.document import Document
from app.window.photos.photo_state import State
from app.window.photos.summary import made_by
from app.window.versions.version import RunOutcome, Version
from engine.choices import Choices

MOST = 12
MOST_BYTES = 2_000_000_000
"""Of versions beside the one that is shown; the oldest that nobody has named goes first."""


class Versions(QObject):
    """Watches a document. `changed` when there are others, or one is shown, named or saved.

    against: the version in the place of Before, None for the photo as it was.
    """

    changed = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self.against: Version | None = None
        for signal in (
            document.result_changed,
            document.request_changed,
            document.marks_changed,
            document.mask_changed,
            document.picture_changed,
        ):
            signal.connect(self._follow)
        document.photo_changed.connect(self._begin_anew)

    @property
    def all(self) -> tuple[Version, ...]:
        """The versions of the photo, the oldest first."""
        return self._document.shown.versions

    @property
    def current(self) -> Version | None:
        """The version that is shown."""
        return self._document.shown.version

    @property
    def unsaved(self) -> bool:
        """Whether a version is not saved."""
        return any(not version.saved for version in self.all)

    @property
    def free(self) -> bool:
        """Whether another version can be shown now."""
        return self._document.shown.state is State.READY

    def show(self, version: Version) -> None:
        """Show a version with its choices, which is one step of undo."""
        if version is self.current or version not in self.all or not self.free:
            return
        self._document.shown.restore_choices(version.request, version.marks, version.mask, version)
        self.changed.emit()

    def step(self, step: int) -> None:
        """Show the version that is so many further in the list."""
        if self.current in self.all:
            at = (self.all.index(self.current) + step) % len(self.all)
            self.show(self.all[at])

    def keep(self) -> None:
        """Keep the result as it is now; what changes from now on changes a version of its own."""
        current = self.current
        if current is not None and self._document.shown.result is not None and self.free:
            copy = dataclasses.replace(current, name="", number=self._next_number())
            self._document.shown.versions = (*self.all, copy)
            self._document.shown.version = copy
            self.changed.emit()

    def rename(self, version: Version, name: str) -> None:
        """Give a version a name; "" takes it away."""
        version.name = name.strip()
        self.changed.emit()

    def remove(self, version: Version) -> None:
        """Take a version out; where it is shown, the one before or after it is shown instead."""
        others = [other for other in self.all if other is not version]
        if version not in self.all or not others or not self.free:
            return
        if version is self.current:
            at = self.all.index(version)
            self.show(self.all[at - 1] if at else self.all[1])
        self._document.shown.versions = tuple(others)
        if self.against is version:
            self.against = None
        self.changed.emit()

    def compare_with(self, version: Version | None) -> None:
        """Put a version, or the photo again, in the place of Before."""
        self.against = version if version in self.all else None
        self.changed.emit()

    def mark_saved(self, version: Version) -> None:
        """Note that a version is safe on disk."""
        version.saved = True
        if version is self.current:
            self._document.shown.mark_saved()
        self.changed.emit()

    def _begin_anew(self) -> None:
        self.against = None
        self.changed.emit()

    def _follow(self) -> None:
        shown = self._document.shown
        if shown.result is None:
            return
        if self.current is None or self.current.outcome.result is not shown.result:
            shown.version = self._known() or self._added()
            self.changed.emit()
        self._note()

    def _next_number(self) -> int:
        return 1 + max((version.number for version in self.all), default=0)

    def _known(self) -> Version | None:
        """Return the latest version of the result that is shown."""
        result = self._document.shown.result
        return next((version for version in reversed(self.all) if version.outcome.result is result), None)

    def _added(self) -> Version:
        shown = self._document.shown
        made = Version(
            RunOutcome(shown.result, shown.restored),
            self._choices_of_result(),
            shown.all_marks,
            shown.mask,
            shown.restored,
            shown.saved,
            self._next_number(),
        )
        shown.versions = (*self._with_room_for(made), made)
        return made

    def _choices_of_result(self) -> Choices:
        """Return the choices without those that were made for the next run while this one was under way."""
        shown = self._document.shown
        assert shown.result is not None
        return dataclasses.replace(shown.request, **made_by(shown.result))

    def _with_room_for(self, made: Version) -> tuple[Version, ...]:
        """Return the versions without the oldest for which there is no room any more."""
        kept, room = list(self.all), MOST_BYTES - made.bytes
        seen: set[int] = set()
        needed: list[tuple[Version, bool]] = []
        for version in reversed(kept):  # copies share the pixels of their result
            own = version.bytes if id(version.outcome.result) not in seen else 0
            seen.add(id(version.outcome.result))
            room -= own
            needed.append((version, room < 0 or len(needed) >= MOST - 1))
        dropped = [version for version, too_much in needed if too_much and not version.name]
        if self.against in dropped:
            self.against = None
        return tuple(version for version in kept if version not in dropped)

    def _note(self) -> None:
        """Keep in the version that is shown how it is seen now."""
        shown, version = self._document.shown, self.current
        if version is None or shown.result is None or version.outcome.result is not shown.result:
            return
        before, sliders = (version.seen, version.saved), ("strength", "high_frequencies_only")
        if shown.outdated:  # what is chosen for the next run is not how this one was made
            changes = {name: getattr(shown.request, name) for name in sliders}
            version.request = dataclasses.replace(version.request, **changes)
        else:
            version.request, version.marks = shown.request, shown.all_marks
        version.mask, version.saved = shown.mask, shown.saved
        version.picture = shown.own_picture
        if (version.seen, version.saved) != before:
            self.changed.emit()
