"""Looks for the kernels of areas in the background, as soon as they are drawn."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.language import tr
from app.window.photos.photo_state import State
from app.window.session import Session
from engine.areas.area import Area, Areas
from engine.errors import Cancelled
from engine.faces.face import Box
from engine.kernels.kernel import Kernel
from engine.photos.photo import Photo

SUGGESTED = 4
"""Areas that are suggested at once."""


class AreaSearch(QObject):
    """`changed` when a search begins, goes on or ends.

    looking: the box that is looked at. plain: boxes without edges, where no kernel can be found. share: how much of
    a search for suggestions is done, None if there is none.
    """

    changed = Signal()

    def __init__(self, session: Session, dragging: Callable[[], bool]) -> None:
        super().__init__(session)
        self._session, self._document, self._dragging = session, session.document, dragging
        self.looking: Box | None = None
        self.plain: set[Box] = set()
        self.share: float | None = None
        self._stop = threading.Event()
        self._suggesting = threading.Event()
        for signal in (self._document.request_changed, self._document.state_changed):
            signal.connect(self.follow)
        self._document.photo_changed.connect(self._forget)

    # kernels

    def follow(self) -> None:
        """Look for the next kernel that is missing, and stop a search that nobody needs any more."""
        wanted = self._wanted()
        if self.looking is not None and self.looking not in [area.box for area in wanted]:
            self._break_off()
        photo = self._document.shown.photo
        if self.looking is None and wanted and photo is not None and not self._dragging():
            self._look(photo, wanted[0].box)

    def look_again(self, index: int) -> None:
        """Forget the kernel of an area, given or found, and look for it in its box."""
        areas = self._document.shown.request.areas
        self.plain.discard(areas[index].box)
        area = dataclasses.replace(areas[index], kernel=None, given=False)
        self._document.shown.change_request(areas=(*areas[:index], area, *areas[index + 1 :]))

    def _wanted(self) -> Areas:
        if self._document.shown.state is not State.READY:  # a run looks for what is missing by itself
            return ()
        areas = self._document.shown.request.areas
        return tuple(area for area in areas if area.on and area.kernel is None and area.box not in self.plain)

    def _look(self, photo: Photo, box: Box) -> None:
        self.looking, self._stop = box, threading.Event()
        stop = self._stop
        self._session.in_background(
            lambda wait, _: wait(lambda engine: engine.find_kernel(photo, box), stop),
            partial(self._found, photo, box, stop),
            partial(self._not_found, stop),
        )
        self.changed.emit()

    def _found(self, photo: Photo, box: Box, stop: threading.Event, kernel: Kernel | None) -> None:
        if stop is not self._stop or photo is not self._document.shown.photo:
            return
        self.looking = None
        if kernel is None:
            self.plain.add(box)
        else:
            self._document.shown.take_kernels((Area(box, kernel),))
        self.changed.emit()
        self.follow()

    def _not_found(self, stop: threading.Event, error: BaseException) -> None:
        if stop is self._stop:
            if self.looking is not None and not isinstance(error, Cancelled):
                self.plain.add(self.looking)  # or it would be looked for again and again
            self.looking = None
            self.changed.emit()
        self._session.tell(error)

    def _break_off(self) -> None:
        self._session.stop(self._stop)
        self.looking, self._stop = None, threading.Event()
        self.changed.emit()

    # suggestions

    def suggest(self) -> None:
        """Add areas that tell most about the blur and differ; a second call stops the search."""
        photo = self._document.shown.photo
        if self.share is not None:
            self._stop_suggesting()
            return
        if photo is None or self._document.shown.state is not State.READY:
            return
        self.share, self._suggesting = 0.0, threading.Event()
        stop, taken = self._suggesting, tuple(area.box for area in self._document.shown.request.areas)

        def work(wait: Callable[..., Areas], post: Callable[[Callable[[], object]], None]) -> Areas:
            def told(share: float, _: str) -> None:
                post(partial(self._progressed, stop, share))

            return wait(lambda engine: engine.suggest_areas(photo, SUGGESTED, taken, on_progress=told), stop)

        self._session.in_background(work, partial(self._suggested, photo, stop), partial(self._not_suggested, stop))
        self.changed.emit()

    def _progressed(self, stop: threading.Event, share: float) -> None:
        if stop is self._suggesting and self.share is not None:
            self.share = share
            self.changed.emit()

    def _suggested(self, photo: Photo, stop: threading.Event, found: Areas) -> None:
        if stop is not self._suggesting or photo is not self._document.shown.photo:
            return
        self.share = None
        if found:
            self._document.shown.change_request(areas=self._document.shown.request.areas + found)
        else:
            self._session.refused.emit(tr("The photo holds no further places that would tell more about its blur."))
        self.changed.emit()

    def _not_suggested(self, stop: threading.Event, error: BaseException) -> None:
        if stop is self._suggesting:
            self.share = None
            self.changed.emit()
        self._session.tell(error)

    def _stop_suggesting(self) -> None:
        self._session.stop(self._suggesting)
        self.share, self._suggesting = None, threading.Event()
        self.changed.emit()

    def _forget(self) -> None:
        """Another photo is shown."""
        self.plain.clear()
        if self.share is not None:
            self._stop_suggesting()
        if self.looking is not None:
            self._break_off()
