"""Keeps cells as they were painted last, so that scrolling paints only those that come into sight."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPainter, QPixmap

Paint = Callable[[QPainter], object]
MOST = 160  # cells: some screens full of them, about 35 MB


class Painted:
    """The pixmaps of cells, on an opaque ground: what shines through takes ten times as long to be shown.

    Only the GUI thread may use it.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[tuple[object, ...], QPixmap]] = OrderedDict()

    def of(
        self, cell: Hashable, look: tuple[object, ...], size: QSize, ratio: float, ground: str, paint: Paint
    ) -> QPixmap:
        """Return a cell's pixmap; `paint` paints it on a ground of that colour if it does not look as it did.

        look: all else that decides how the cell looks. ratio: px of the screen for one of the size.
        """
        look = (*look, size.width(), size.height(), ratio, ground)
        kept = self._kept.get(cell)
        if kept is None or kept[0] != look:
            self._kept[cell] = kept = look, _painted(size, ratio, ground, paint)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        self._kept.move_to_end(cell)
        return kept[1]


def _painted(size: QSize, ratio: float, ground: str, paint: Paint) -> QPixmap:
    made = QPixmap(size * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(QColor(ground))
    painter = QPainter(made)
    try:
        paint(painter)
    finally:
        painter.end()
    return made
