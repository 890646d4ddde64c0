"""Writes what the user made of a photo: its result, blended as the sliders say, a version of it, or another file."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from app.window.photos.finish import Finish, finish_of
from app.window.photos.open_photo import OpenPhoto
from app.window.session.shared import Shared
from app.window.versions.version import Version
from engine.choices import Choices
from engine.faces.face import Box
from engine.masks.mask import Mask
from engine.photos.photo import Photo
from engine.result import Result

_log = logging.getLogger(__name__)

_Seen = tuple[Choices, tuple[tuple[Box, float], ...], Mask | None]
"""The choices by which a result is written, the faces with a strength of their own, and the mask."""
_Look = tuple[Result, float, Finish, tuple[tuple[Box, float], ...], Mask | None]
"""All values that the saved result depends on."""


class Writing:
    """Writes on a thread. `how` is as in `write_photo`. A path names an open photo; None stands for the one shown.

    written: called with the path of a complete file. left_out: called with it and sentences about metadata that the
    file's format cannot hold.
    """

    def __init__(
        self,
        shared: Shared,
        written: Callable[[Path], object],
        left_out: Callable[[Path, tuple[str, ...]], object],
    ) -> None:
        self._shared, self._announce, self._tell_left_out = shared, written, left_out

    def result(
        self,
        target: Path,
        path: Path | None = None,
        prepare: Callable[[Photo], Photo] | None = None,
        **how: Any,
    ) -> None:
        """Write a photo's result.

        prepare: makes another picture of it for this file; then the result itself stays unsaved.
        """
        opened = self._with_result(path)
        if opened is not None and opened.photo is not None and opened.to_save is not None:
            work = partial(_write, opened.photo, opened.to_save, _seen(opened), target, how, prepare)
            self._begin(work, target, partial(self._saved, opened, None if prepare else _look(opened), target))

    def version(
        self, version: Version, target: Path, done: Callable[[Version], object], path: Path | None = None, **how: Any
    ) -> None:
        """Write a version of a photo, as strong as it is seen; call `done` once it is safe."""
        opened, result = self._opened(path), version.outcome.result
        if opened is not None and opened.photo is not None and result is not None:
            seen = version.request, version.faces, version.mask
            work = partial(_write, opened.photo, result, seen, target, how)
            self._begin(work, target, partial(_version_saved, version, version.seen, done))

    def own_file(self, path: Path, target: Path, done: Callable[[Path], object], **how: Any) -> None:
        """Write a photo's result to a file that is not the user's own; call `done` once it is whole."""
        opened = self._with_result(path)
        if opened is not None and opened.photo is not None and opened.to_save is not None:
            work = partial(_write, opened.photo, opened.to_save, _seen(opened), target, how)
            self._shared.jobs.run(work, lambda _: done(target), self._shared.tell)

    def other(self, target: Path, work: Callable[[], object]) -> None:
        """Let `work` write another file to `target`."""
        self._shared.jobs.run(work, lambda _: self._announce(target), self._shared.tell)

    def look_of(self, path: Path) -> object:
        """Return all that decides how a photo's result is seen, None without a result."""
        opened = self._with_result(path)
        return None if opened is None else _look(opened)

    def mark(self, path: Path, result: Result, saved: bool) -> None:
        """Note whether this result of a photo is saved, or need not be; ignore an older result."""
        opened = self._opened(path)
        if opened is not None and opened.to_save is result:
            opened.mark_saved(saved)

    def _opened(self, path: Path | None) -> OpenPhoto | None:
        return self._shared.document.shown if path is None else self._shared.roll.photo(path)

    def _with_result(self, path: Path | None) -> OpenPhoto | None:
        opened = self._opened(path)
        return None if opened is None or opened.photo is None or opened.to_save is None else opened

    def _begin(self, work: Callable[[], tuple[str, ...]], target: Path, safe: Callable[[], object]) -> None:
        """Write; then call `safe`, and tell what was written."""

        def done(left_out: tuple[str, ...]) -> None:
            safe()
            self._announce(target)
            if left_out:
                self._tell_left_out(target, left_out)

        self._shared.jobs.run(work, done, self._shared.tell)

    @staticmethod
    def _saved(opened: OpenPhoto, look: _Look | None, target: Path) -> None:
        # The sliders may have moved during writing, or another result may have arrived.
        if look is not None and opened.to_save is not None and _look(opened) == look:
            opened.mark_saved()
        _log.info("saved %s as %s", opened.path, target)


def _version_saved(version: Version, seen: object, done: Callable[[Version], object]) -> None:
    if version.seen == seen:  # while it was written the sliders may have moved
        done(version)


def _seen(opened: OpenPhoto) -> _Seen:
    return opened.request, opened.own_strengths, opened.mask


def _look(opened: OpenPhoto) -> _Look:
    request, result = opened.request, opened.to_save
    assert result is not None
    return result, request.strength, finish_of(request), opened.own_strengths, opened.mask


def _write(
    photo: Photo,
    result: Result,
    seen: _Seen,
    target: Path,
    how: dict[str, Any],
    prepare: Callable[[Photo], Photo] | None = None,
) -> tuple[str, ...]:
    """Write the result, or what `prepare` makes of it; return what its format cannot hold."""
    from engine.photos.losses import not_kept
    from engine.photos.writing import write_photo
    from engine.restoration.finishing import finished

    made = finished(photo, result, *seen)
    write_photo(made if prepare is None else prepare(made), target, **how)
    return not_kept(photo, target)
