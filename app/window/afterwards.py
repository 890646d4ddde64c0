"""Computes what a finished result still needs: how similar its faces are, and a picture of its fine detail."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject

from app.window.identities import Identities, Wait, measure
from app.window.jobs import Post
from app.window.screen import for_screen
from app.window.session import Session
from app.window.viewer.pyramid import Pyramid
from engine.faces.face import Face
from engine.photos.photo import Photo
from engine.result import Result


class Afterwards(QObject):
    """Watches a session's document. It examines each result once, and computes only what is wanted."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._document = session.document
        self._measured: Result | None = None
        self._refined: Result | None = None
        self._document.result_changed.connect(self._look)
        self._document.request_changed.connect(self._look)

    def _look(self) -> None:
        document = self._document
        photo, result = document.photo, document.result
        if photo is None or result is None:
            self._measured = self._refined = None
            return
        if document.identities is None and result is not self._measured:
            self._measured = result
            work = partial(_identities, photo, result, document.faces)
            self._session.in_background(work, partial(self._know, result))
        if document.request.high_frequencies_only and document.fine is None and result is not self._refined:
            self._refined = result
            self._session.in_background(partial(_fine_picture, photo, result.pixels), partial(self._refine, result))

    def _know(self, result: Result, identities: Identities) -> None:
        if result is self._document.result:
            self._document.show_identities(identities)

    def _refine(self, result: Result, picture: Pyramid) -> None:
        if result is self._document.result:
            self._document.show_fine(picture)


def _identities(photo: Photo, result: Result, faces: tuple[Face, ...], wait: Wait, _: Post) -> Identities:
    return measure(wait, photo, result, faces)


def _fine_picture(photo: Photo, restored: np.ndarray, wait: Wait, post: Post) -> Pyramid:
    from engine.photos.cutouts import filled, on_white
    from engine.restoration.strength import fine_only

    del wait, post
    return Pyramid.build(on_white(photo, fine_only(filled(photo).pixels, restored)), for_screen(photo))
