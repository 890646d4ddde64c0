"""The brush over the photo: pointer and keys become strokes, seen while they are painted."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen

from app.window.masking.alpha import AlphaPyramid
from app.window.photos.document import Document
from app.window.photos.photo_state import State
from app.window.theme.tokens import ON_PHOTO
from app.window.viewer.comparison import Mode
from app.window.viewer.keys import ARROWS
from app.window.viewer.overlays import ToWidget
from app.window.viewer.tool import Tool
from app.window.viewer.viewer import Viewer
from engine.masks.brush import LARGEST, SMALLEST, Brush, Stroke
from engine.masks.mask import Mask, PixelBox

_MARGIN = 3
"""Px round what has changed on the screen that are painted anew: smoothing reaches so far."""
_KEY_STEP = 1 / 4
"""Of the brush's size that an arrow moves it."""
_FIRST_SIZE = 1 / 8
"""Of the photo's shorter side: the brush's size before anybody has chosen one."""
_SHIFT, _CONTROL, _ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Painting(Tool):
    """The viewer's tool while the brush is held. `changed` also when the brush is.

    alpha: the mask on the screen, None where there is none. Where the photo has no mask, the first stroke begins one:
    the brush restores nothing else, the eraser all else.
    """

    def __init__(self, viewer: Viewer, document: Document) -> None:
        super().__init__(viewer, viewer.set_tool)
        self._viewer, self._document = viewer, document
        self.brush = Brush()
        self._sized = False
        self.alpha: AlphaPyramid | None = None
        self._stroke: Stroke | None = None
        self._at: QPointF | None = None
        self._last: QPointF | None = None
        document.photo_changed.connect(self._forget)
        document.mask_changed.connect(self._follow)

    # the brush

    def take_up(self, erase: bool = False) -> None:
        """Paint, or rub out, from now on."""
        self.brush = dataclasses.replace(self.brush, erase=erase)
        self._fit_size()
        super().take_up()

    def change(self, **choices: Any) -> None:
        """Change size, hardness or flow of the brush, within what they can be."""
        self._sized |= "size" in choices
        changed = dataclasses.replace(self.brush, **choices)
        size = min(max(changed.size, SMALLEST), LARGEST)
        hardness, flow = (min(max(value, 0.0), 1.0) for value in (changed.hardness, changed.flow))
        self.brush = dataclasses.replace(changed, size=size, hardness=hardness, flow=flow)
        self._viewer.update()
        self.changed.emit()

    def _fit_size(self) -> None:
        photo = self._document.shown.photo
        if not self._sized and photo is not None:
            self.brush = dataclasses.replace(self.brush, size=max(1.0, round(min(photo.size) * _FIRST_SIZE)))

    # strokes

    def press(self, point: QPointF, held: Qt.KeyboardModifier) -> None:
        """Begin a stroke; with Shift a straight one from the end of the last, with Alt the other way round."""
        self._begin(self._viewer.to_photo(point), straight=bool(held & _SHIFT), other=bool(held & _ALT))

    def move(self, point: QPointF | None) -> None:
        """Paint along, or show where the brush is."""
        self._show_ring(None if point is None else self._viewer.to_photo(point))
        if self._at is not None and self._stroke is not None:
            self._paint_to(self._at)

    def release(self) -> None:
        """End the stroke, which is one step of undo."""
        stroke, self._stroke = self._stroke, None
        if stroke is None or self.alpha is None:
            return
        mask = stroke.finished()
        if mask is not self.alpha.mask:
            self.alpha.mask = mask  # it is on the screen already
            self._document.shown.set_mask(mask)
        elif self._document.shown.mask is None:  # a stroke beside the photo begins no mask
            self.alpha = None
            self._viewer.compare(mask=None)

    def _begin(self, at: QPointF, straight: bool = False, other: bool = False) -> None:
        shown = self._document.shown
        if shown.photo is None or shown.state is not State.READY or self._stroke is not None:
            return
        brush = dataclasses.replace(self.brush, erase=self.brush.erase != other)
        if self.alpha is None:
            self.alpha = AlphaPyramid(Mask.filled(shown.photo.size, 255 if brush.erase else 0))
            self._viewer.compare(mask=self.alpha)
        self._stroke = Stroke(self.alpha.mask, self.alpha.values, brush)
        if straight and self._last is not None:
            self._paint_to(self._last)
        self._paint_to(at)

    def _paint_to(self, at: QPointF) -> None:
        assert self._stroke is not None and self.alpha is not None
        box = self._stroke.to(at.x(), at.y())
        self._last = at
        if box is not None:
            self.alpha.refresh(box)
            self._update(box)

    def _forget(self) -> None:
        """Another photo is shown: a stroke over the one before is left where it is."""
        self._stroke = self._at = self._last = None
        self._fit_size()

    def _follow(self) -> None:
        mask = self._document.shown.mask
        if mask is None:
            self.alpha = None
        elif self.alpha is None or self.alpha.size != mask.size:
            self.alpha = AlphaPyramid(mask)
        elif self.alpha.mask is not mask:
            self.alpha.show(mask)

    # keys

    def key(self, event: QKeyEvent) -> bool:
        """Move the brush by arrows, paint by Enter or by Ctrl and arrows, put the brush down by Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.put_down()
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _CONTROL:
            self._begin(self._place(), other=bool(event.modifiers() & _ALT))
            self.release()
            return True
        arrow = ARROWS.get(Qt.Key(event.key()))
        if arrow is None or event.modifiers() & _SHIFT:
            return False
        start, viewport = self._place(), self._viewer.viewport
        assert viewport is not None
        step = max(self.brush.size * _KEY_STEP, 1 / viewport.scale)
        width, height = viewport.photo
        at = QPointF(
            min(max(start.x() + arrow[0] * step, 0), width), min(max(start.y() + arrow[1] * step, 0), height)
        )
        if event.modifiers() & _CONTROL:
            self._begin(start)
            if self._stroke is not None:
                self._paint_to(at)
            self.release()
        self._show_ring(at)
        if not self._viewer.rect().contains(self._viewer.to_widget(at.x(), at.y()).toPoint()):
            self._viewer.centre_on(at.x(), at.y())
        return True

    def _place(self) -> QPointF:
        """Return where the brush is: where it was seen last, else in the middle of the view."""
        if self._at is not None:
            return self._at
        return self._viewer.to_photo(QPointF(self._viewer.width() / 2, self._viewer.height() / 2))

    # on the screen

    def paint(self, painter: QPainter, to_widget: ToWidget) -> None:
        """Paint the ring of the brush, and the one within which it is full."""
        if self._at is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for share, opacity in ((1.0, 1.0), (self.brush.hardness, 0.5)):
            ring = self._ring(self._at, to_widget, share)
            painter.setOpacity(opacity)
            for colour, width in ((ON_PHOTO.outline, 3.0), (ON_PHOTO.pill_text, 1.2)):
                painter.setPen(QPen(QColor(colour), width))
                painter.drawEllipse(ring)
        painter.setOpacity(1)

    def _ring(self, at: QPointF, to_widget: ToWidget, share: float = 1.0) -> QRectF:
        radius = self.brush.size / 2 * share
        return QRectF(to_widget(at.x() - radius, at.y() - radius), to_widget(at.x() + radius, at.y() + radius))

    def _show_ring(self, at: QPointF | None) -> None:
        """Paint the view anew where the ring was and where it is."""
        for place in (self._at, at):
            if place is not None:
                self._refresh(self._ring(place, self._viewer.to_widget))
        self._at = at

    def _update(self, box: PixelBox) -> None:
        left, top, right, bottom = box
        self._refresh(QRectF(self._viewer.to_widget(left, top), self._viewer.to_widget(right, bottom)))

    def _refresh(self, place: QRectF) -> None:
        """Paint a part of the view anew; side by side it is seen twice."""
        shown = self._viewer.comparison
        if shown is not None and shown.shown is Mode.SIDE_BY_SIDE:
            self._viewer.update()
        else:
            self._viewer.update(QRect(place.toAlignedRect()).adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN))
