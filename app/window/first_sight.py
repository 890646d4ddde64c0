"""Places the divider when a result first appears: left of the largest face, so that the face is in After."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.window.document import Document
from app.window.photo_state import State
from app.window.viewer.viewer import Viewer

_LEAST, _MOST = 0.04, 0.9
_WITHOUT_FACES = 1 / 3
_MARGIN = 0.12
"""Share of the face's width that stays free beside it, for hair and chin."""


class FirstSight(QObject):
    """Places the divider once for each photo, before it is restored; afterwards only the user moves it."""

    def __init__(self, document: Document, viewer: Viewer) -> None:
        super().__init__(document)
        self._document, self._viewer = document, viewer
        self._placed = False
        document.photo_changed.connect(self._begin_anew)
        document.state_changed.connect(self._look)
        document.result_changed.connect(self._look)

    def _begin_anew(self) -> None:
        self._placed = False

    def _look(self) -> None:
        shown = self._document.shown
        wanted = shown.state is State.WORKING or shown.result is not None
        if wanted and not self._placed and self._viewer.viewport is not None:
            self._placed = True
            self._viewer.compare(divider=self._place())

    def _place(self) -> float:
        """Return the divider's position in the view, 0 to 1."""
        marks = [mark for mark in self._document.shown.marks if mark.chosen]
        if not marks:
            return _WITHOUT_FACES
        boxes = [mark.box for mark in marks]
        left, top, right, bottom = max(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
        viewer = self._viewer
        upright = viewer.comparison is None or viewer.comparison.upright
        side = _MARGIN * max(right - left, bottom - top)
        edge = viewer.to_widget(left - side, top - side)
        at = edge.x() / viewer.width() if upright else edge.y() / viewer.height()
        return min(_MOST, max(_LEAST, at))
