"""The strip of open photos below the photo."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.language import tr
from app.triage.words import line
from app.window.photos.roll import Badge, Roll
from app.window.photos.thumbnails import Thumbnails
from app.window.theme.dressed import palette_in_force
from app.window.theme.tokens import Palette
from app.window.triage.badge import BADGE, paint_badge
from app.window.triage.known import KnownBlur
from app.window.widgets.basics import plain_tip

_CELL = QSize(104, 80)
_RADIUS = 4.0
_DOT = 6.0
_BLUR = 18.0  # px of the badge that says what blurred a photo
_AnyIndex = QModelIndex | QPersistentModelIndex


class RollModel(QAbstractListModel):
    """Presents the roll to Qt's views; it requests a thumbnail when that is first painted.

    blur: tells what blurred each photo.
    """

    def __init__(self, roll: Roll, thumbnails: Thumbnails, blur: KnownBlur) -> None:
        super().__init__(roll)
        self.roll = roll
        self._thumbnails, self._blur = thumbnails, blur
        roll.changed.connect(self._reset)
        blur.changed.connect(self._show_blur)
        roll.badge_changed.connect(lambda at: self.dataChanged.emit(self.index(at), self.index(at)))

    def _reset(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    def _show_blur(self, path: Path) -> None:
        if path in self.roll.paths:
            at = self.index(self.roll.paths.index(path))
            self.dataChanged.emit(at, at)

    def rowCount(self, parent: _AnyIndex | None = None) -> int:  # noqa: N802
        """Return how many photos are open."""
        return 0 if parent is not None and parent.isValid() else len(self.roll.paths)

    def flags(self, index: _AnyIndex) -> Qt.ItemFlag:
        """Let every photo be dragged."""
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the name of a photo, its state, its thumbnail, or what blurred it."""
        path = self.roll.paths[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return path.name
        if role == BADGE:
            return self._blur.of(path)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            told, state = self._blur.of(path), tr(self.roll.badge(path).value)
            text = ", ".join(filter(None, (path.name, line(told) if told is not None else "", state)))
            return plain_tip(text) if role == Qt.ItemDataRole.ToolTipRole else text
        if role == Qt.ItemDataRole.DecorationRole:
            picture = self.roll.thumbnail(path)
            if picture is None:
                self._thumbnails.ask(path)
            return picture
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, parent: Strip) -> None:
        super().__init__(parent)
        self._strip = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:  # noqa: N802
        del option, index
        return _CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        palette = palette_in_force()
        roll = self._strip.model_of_roll.roll
        inner = QRectF(option.rect).adjusted(6, 8, -6, -8)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        place = _placed(picture, inner) if isinstance(picture, QImage) else inner
        outline = QPainterPath()
        outline.addRoundedRect(place, _RADIUS, _RADIUS)
        painter.save()
        painter.setClipPath(outline)
        painter.fillRect(place, QColor(palette.hover))
        if isinstance(picture, QImage):
            painter.drawImage(place, picture)
        painter.restore()
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if index.row() == roll.current or hovered:
            colour = palette.accent if index.row() == roll.current else palette.border_strong
            painter.setPen(QPen(QColor(colour), 2))
            painter.drawRoundedRect(place.adjusted(-3, -3, 3, 3), _RADIUS + 3, _RADIUS + 3)
        told = index.data(BADGE)
        if told is not None:
            paint_badge(painter, place.topLeft() + QPointF(4, 4), told, option.font, _BLUR)
        self._paint_badge(painter, roll.badge(roll.paths[index.row()]), place, palette)
        painter.restore()

    @staticmethod
    def _paint_badge(painter: QPainter, badge: Badge, place: QRectF, palette: Palette) -> None:
        """Paint a dot at the corner: a ring during a run, amber while unsaved, then the accent colour."""
        if badge is Badge.NONE:
            return
        colour = QColor(palette.warning if badge is Badge.RESTORED else palette.accent)
        centre = QPointF(place.right() - 9, place.bottom() - 9)
        painter.setPen(QPen(QColor(palette.surface), 2))
        painter.setBrush(QColor(palette.surface) if badge is Badge.WORKING else colour)
        painter.drawEllipse(centre, _DOT, _DOT)
        if badge is Badge.WORKING:
            painter.setPen(QPen(colour, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, _DOT - 2, _DOT - 2)
        elif badge is Badge.SAVED:
            painter.setPen(QPen(QColor(palette.on_accent), 1.6))
            x, y = centre.x(), centre.y()
            painter.drawPolyline([QPointF(x - 2.6, y + 0.2), QPointF(x - 0.8, y + 2), QPointF(x + 2.8, y - 1.8)])


def _placed(picture: QImage, room: QRectF) -> QRectF:
    """Return the picture's rectangle in the middle of the room, with its proportions kept."""
    scale = min(room.width() / picture.width(), room.height() / picture.height())
    width, height = picture.width() * scale, picture.height() * scale
    return QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)


class Strip(QListView):
    """Visible if several photos are open. Emits `asked` with the path that the user wants.

    menu_asked: of a photo, with the place on the screen. drag_asked: the user drags a photo out.
    """

    asked = Signal(object)
    menu_asked = Signal(object, QPoint)
    drag_asked = Signal(object)

    def __init__(self, roll: Roll, thumbnails: Thumbnails, blur: KnownBlur) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAccessibleName(tr("Photos that are open"))
        self.model_of_roll = RollModel(roll, thumbnails, blur)
        self.setModel(self.model_of_roll)
        self.setItemDelegate(_Delegate(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setFixedHeight(_CELL.height() + 14)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setDragEnabled(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.clicked.connect(self._ask)
        self.activated.connect(self._ask)
        roll.changed.connect(self._follow)
        roll.current_changed.connect(self._follow)
        self._follow()

    def _ask(self, index: QModelIndex) -> None:
        path: Path = self.model_of_roll.roll.paths[index.row()]
        if index.row() != self.model_of_roll.roll.current:
            self.asked.emit(path)

    def _ask_menu(self, at: QPoint) -> None:
        index = self.indexAt(at)
        index = index if index.isValid() else self.currentIndex()  # a key asked for it
        if index.isValid():
            self.menu_asked.emit(self.model_of_roll.roll.paths[index.row()], self.viewport().mapToGlobal(at))

    def startDrag(self, supported: Qt.DropAction) -> None:  # noqa: N802
        """Let the result be dragged instead of the row."""
        del supported
        index = self.currentIndex()
        if index.isValid():
            self.drag_asked.emit(self.model_of_roll.roll.paths[index.row()])

    def _follow(self) -> None:
        roll = self.model_of_roll.roll
        self.setVisible(len(roll.paths) > 1 or (bool(roll.paths) and roll.current < 0))
        if roll.current >= 0:
            index = self.model_of_roll.index(roll.current)
            self.setCurrentIndex(index)
            self.scrollTo(index)
        self.viewport().update()
