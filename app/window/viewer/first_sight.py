"""Places the divider: beside the photo while there is nothing to see yet, then left of the largest face."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.window.photos.document import Document
from app.window.photos.photo_state import State
from app.window.viewer.viewer import Viewer

_LEAST, _MOST = 0.04, 0.9
_WITHOUT_FACES = 1 / 3
_MARGIN = 0.12
"""Share of the face's width that stays free beside it, for hair and chin."""
_ASIDE = 0.9
"""Share of the photo that stays visible until its first part is restored."""


class FirstSight(QObject):
    """Places the divider once for each photo, so that the face is in After; afterwards only the user moves it.

    During a run it waits aside, until the first tile, unless the user moves it meanwhile.
    """

    def __init__(self, document: Document, viewer: Viewer) -> None:
        super().__init__(document)
        self._document, self._viewer = document, viewer
        self._placed = False
        self._waiting: tuple[float, float] | None = None  # where the divider waits, and where it goes then
        document.photo_changed.connect(self._begin_anew)
        for changed in (document.state_changed, document.result_changed, document.picture_changed):
            changed.connect(self._look)

    def _begin_anew(self) -> None:
        self._placed, self._waiting = False, None

    def _look(self) -> None:
        shown, comparison = self._document.shown, self._viewer.comparison
        working = shown.state is State.WORKING
        if self._viewer.viewport is None or comparison is None or not (working or shown.result or self._waiting):
            return
        if not self._placed:
            self._placed = True
            self._viewer.compare(divider=self._place())
        empty = working and shown.restored is not None and not shown.restored.touched
        if empty and self._waiting is None:
            aside = self._at(*(_ASIDE * side for side in comparison.original.size))
            self._waiting = aside, self._viewer.comparison.divider if self._viewer.comparison else aside
            self._viewer.compare(divider=aside)
        elif not empty and self._waiting is not None:
            aside, wanted = self._waiting
            self._waiting = None
            if comparison.divider == aside:
                self._viewer.compare(divider=wanted)

    def _place(self) -> float:
        """Return the divider's position in the view, 0 to 1."""
        marks = [mark for mark in self._document.shown.marks if mark.chosen]
        if not marks:
            return _WITHOUT_FACES
        boxes = [mark.box for mark in marks]
        left, top, right, bottom = max(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
        side = _MARGIN * max(right - left, bottom - top)
        return self._at(left - side, top - side)

    def _at(self, x: float, y: float) -> float:
        """Return where the divider is if it goes through a point of the photo."""
        viewer = self._viewer
        upright = viewer.comparison is None or viewer.comparison.upright
        edge = viewer.to_widget(x, y)
        at = edge.x() / viewer.width() if upright else edge.y() / viewer.height()
        return min(_MOST, max(_LEAST, at))
