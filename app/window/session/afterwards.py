"""What is worked out once a result is there: who its faces still are, and how it looks after its finish."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QObject

from app.window.faces.identities import Identities, measure
from app.window.jobs import Post, Wait
from app.window.photos.finish import AS_RESTORED, Finish
from app.window.session.session import Session
from app.window.viewer.pyramid import Pyramid
from app.window.viewer.screen import for_screen
from engine.faces.face import Face
from engine.photos.photo import Photo
from engine.result import Result


@dataclass(frozen=True, eq=False)
class Refining:
    """A picture that is being made of a result."""

    result: Result
    finish: Finish


class Afterwards(QObject):
    """Watches a session's document. It examines each result once, and computes only what is wanted."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._document = session.document
        self._measured: Result | None = None
        self._refining: Refining | None = None
        self._document.result_changed.connect(self._look)
        self._document.request_changed.connect(self._look)

    def _look(self) -> None:
        shown = self._document.shown
        photo, result = shown.photo, shown.result
        if photo is None or result is None:
            self._measured = None
            return
        if shown.identities is None and result is not self._measured:
            self._measured = result
            work = partial(_identities, photo, result, shown.faces)
            self._session.in_background(work, partial(self._know, result))
        self._refine(photo, result)

    def _refine(self, photo: Photo, result: Result) -> None:
        """Make the picture that the choices ask for; one at a time, so that a slider on its way leaves no queue."""
        finish = self._document.shown.finish
        known = self._document.shown.refined
        if finish == AS_RESTORED or self._refining is not None or (known is not None and known[0] == finish):
            return
        self._refining = Refining(result, finish)
        work = partial(_refined_picture, photo, result.pixels, finish)
        self._session.in_background(work, partial(self._show_refined, self._refining), self._fail)

    def _know(self, result: Result, identities: Identities) -> None:
        if result is self._document.shown.result:
            self._document.shown.show_identities(identities)

    def _show_refined(self, refining: Refining, picture: Pyramid) -> None:
        self._refining = None
        if refining.result is self._document.shown.result:
            self._document.shown.show_refined(refining.finish, picture)
        self._look()  # the choices may have gone on since

    def _fail(self, error: BaseException) -> None:
        self._refining = None
        self._session.unexpected.emit(error)


def _identities(photo: Photo, result: Result, faces: tuple[Face, ...], wait: Wait, _: Post) -> Identities:
    return measure(wait, photo, result, faces)


def _refined_picture(photo: Photo, restored: np.ndarray, finish: Finish, wait: Wait, post: Post) -> Pyramid:
    from engine.photos.cutouts import filled, on_white
    from engine.restoration.strength import at_full_strength

    del wait, post
    pixels = at_full_strength(filled(photo).pixels, restored, finish.fine_only, finish.grain)
    return Pyramid.build(on_white(photo, pixels), for_screen(photo))
