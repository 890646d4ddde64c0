"""The loupe of the triage page: the sharpest and the softest face of the chosen photo at 100 %."""

from __future__ import annotations

from math import isnan

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.language import percent, tr
from app.window.theme.dressed import palette_in_force
from app.window.theme.tokens import ON_PHOTO
from app.window.triage.close_look import TITLES, CloseLook, CloseUp, CutOut
from app.window.triage.grid_model import Shown
from app.window.widgets.basics import ElidedLabel, column, label

WIDTH = 300
"""px of the loupe's least width."""
_STEP = 60  # px by which a key moves the picture


class CutOutView(QWidget):
    """Shows a part of a photo pixel for pixel; dragging moves it within the part that was cut out."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(WIDTH, 120)
        self.cut_out: CutOut | None = None
        self._moved = QPointF()
        self._held: QPointF | None = None

    def show_cut_out(self, cut_out: CutOut | None) -> None:
        """Show another part, its centre in the middle; None for an empty view."""
        self.cut_out, self._moved, self._held = cut_out, QPointF(), None
        draggable = cut_out is not None
        self.setCursor(Qt.CursorShape.OpenHandCursor if draggable else Qt.CursorShape.ArrowCursor)
        self.setAccessibleName("" if cut_out is None else caption(cut_out))
        self.update()

    def move_by(self, step: QPointF) -> None:
        """Move the picture by px of the screen, as far as it goes."""
        if self.cut_out is not None:
            self._moved = self._allowed(self._moved + step)
            self.update()

    def _allowed(self, moved: QPointF) -> QPointF:
        """Return the move that leaves no empty margin where the picture is larger than the view."""
        base = self._corner(QPointF())
        wide, tall = self._size()
        x = _within(base.x() + moved.x(), self.width() - wide) - base.x()
        y = _within(base.y() + moved.y(), self.height() - tall) - base.y()
        return QPointF(x, y)

    def _size(self) -> tuple[float, float]:
        assert self.cut_out is not None
        ratio = self.devicePixelRatioF()
        return self.cut_out.picture.width() / ratio, self.cut_out.picture.height() / ratio

    def _corner(self, moved: QPointF) -> QPointF:
        """Return where the picture's corner lies, on a whole pixel of the screen."""
        assert self.cut_out is not None
        ratio = self.devicePixelRatioF()
        wide, tall = self._size()
        x = _within(self.width() / 2 - self.cut_out.centre[0] / ratio, self.width() - wide) + moved.x()
        y = _within(self.height() / 2 - self.cut_out.centre[1] / ratio, self.height() - tall) + moved.y()
        return QPointF(round(x * ratio) / ratio, round(y * ratio) / ratio)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of the picture."""
        if self.cut_out is not None and event.button() is Qt.MouseButton.LeftButton:
            self._held = event.position() - self._moved
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move the picture with the pointer."""
        if self._held is not None and self.cut_out is not None:
            self._moved = self._allowed(event.position() - self._held)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let the picture go."""
        del event
        self._held = None
        self.setCursor(Qt.CursorShape.OpenHandCursor if self.cut_out is not None else Qt.CursorShape.ArrowCursor)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the picture without scaling it, and what it is above it."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(palette_in_force().canvas))
        if self.cut_out is None:
            return
        wide, tall = self._size()
        corner = self._corner(self._moved)
        painter.drawImage(QRectF(corner.x(), corner.y(), wide, tall), self.cut_out.picture)
        _paint_caption(painter, caption(self.cut_out), self.width())


def _within(place: float, room: float) -> float:
    """Return a place between the two at which no margin is seen, or the one that centres what is small."""
    return room / 2 if room >= 0 else min(0.0, max(room, place))


def caption(cut_out: CutOut) -> str:
    """Return what a part is, and how sharp."""
    title = tr(TITLES[cut_out.title])
    return title if isnan(cut_out.sharpness) else f"{title}, {percent(cut_out.sharpness)}"


def _paint_caption(painter: QPainter, text: str, room: int) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    metrics = QFontMetricsF(painter.font())
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room - 40)
    place = QRectF(10, 10, metrics.horizontalAdvance(text) + 20, metrics.height() + 8)
    ground = QColor(ON_PHOTO.pill)
    ground.setAlpha(215)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)
    painter.setPen(QColor(ON_PHOTO.pill_text))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


class Loupe(QWidget):
    """Two views below each other, or one where there is nothing to compare; a sentence where nothing can be seen."""

    def __init__(self, look: CloseLook) -> None:
        super().__init__()
        self.look = look
        self.name, self.said = ElidedLabel("section"), label("", "muted", wrap=True)
        self.views = (CutOutView(), CutOutView())
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = column(self, gap=2)
        layout.addWidget(self.name)
        layout.addWidget(self.said)
        for view in self.views:
            layout.addWidget(view, 1)
        look.changed.connect(self.show_close_up)
        self.show_close_up(CloseUp())

    def choose(self, shown: Shown | None) -> None:
        """Look at a photo; None for none."""
        if shown is None:
            self.look.leave()
            self.show_close_up(CloseUp())
        else:
            self.look.choose(shown)

    def show_close_up(self, seen: CloseUp) -> None:
        """Show what was found of a photo."""
        self.name.setText("" if seen.path is None else seen.path.name)
        self.said.setText(_sentence(seen))
        self.said.setVisible(bool(self.said.text()))
        for at, view in enumerate(self.views):
            view.show_cut_out(seen.cut_outs[at] if at < len(seen.cut_outs) else None)
            view.setVisible(at == 0 or len(seen.cut_outs) > 1)

    def move_by(self, x: int, y: int) -> None:
        """Move both pictures by steps, by a key."""
        for view in self.views:
            view.move_by(QPointF(-x * _STEP, -y * _STEP))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size at first."""
        return QSize(WIDTH + 60, 500)


def _sentence(seen: CloseUp) -> str:
    if seen.reason:
        return seen.reason
    if seen.path is None:
        return tr("Choose a photo to see its sharpest and its softest face at 100%.")
    if seen.reading:
        return tr("Reading…")
    return tr("Looking for faces…") if seen.faces_awaited else ""
