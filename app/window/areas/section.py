"""The list of areas: each with its kernel and what is known of it, and how areas are drawn or suggested."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QPushButton, QToolButton, QWidget

from app.language import percent, tr
from app.window.areas.handling import AreaHandling
from app.window.commands.table import Actions
from app.window.kernels.facts import kernel_facts
from app.window.masking.section import tool_of
from app.window.panels.section import Section
from app.window.photos.document import Document
from app.window.photos.photo_state import State
from app.window.theme.dressed import Dressed, palette_in_force
from app.window.theme.icons import icon
from app.window.widgets.basics import button_of, column, label, row, set_property
from app.window.widgets.kernel_view import kernel_image
from app.window.widgets.pressed_row import PressedRow
from engine.kernels.kernel import Kernel

_SIDE = 36
"""Px of a kernel's picture."""
_FAINT = 0.4


class AreaRow(Dressed, PressedRow):
    """One area: a click gives it the focus, the box beside it leaves it out, the button opens its menu."""

    menu_asked = Signal()
    toggled = Signal()

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index
        self.picture = _KernelPicture()
        self.name.setText(tr("Area {number}").format(number=index + 1))
        self.use = QCheckBox()
        self.use.setToolTip(tr("Use this area, or leave it out"))
        self.use.setAccessibleName(tr("Use area {number}").format(number=index + 1))
        self.more = QToolButton()
        self.more.setToolTip(tr("Give this area another kernel, or delete it"))
        self.more.setAccessibleName(tr("Menu of area {number}").format(number=index + 1))
        self.more.setIconSize(QSize(16, 16))
        told = column(gap=0)
        told.addWidget(self.name)
        told.addWidget(self.about)
        layout = row(self, gap=2)
        layout.setContentsMargins(6, 4, 4, 4)
        layout.addWidget(self.picture)
        layout.addLayout(told, 1)
        layout.addWidget(self.use)
        layout.addWidget(self.more)
        self.use.clicked.connect(lambda _=False: self.toggled.emit())
        self.more.clicked.connect(lambda _=False: self.menu_asked.emit())
        self.put_on()

    def show_area(self, kernel: Kernel | None, on: bool, about: str, focused: bool) -> None:
        """Show what is known of the area."""
        self.picture.show_kernel(kernel, faint=not on)
        self.about.setText(about)
        self.use.setChecked(on)
        set_property(self, "chosen", focused)
        self.setAccessibleName(f"{self.name.text()}, {about}")

    def dress(self) -> None:
        """Use the colours of the theme."""
        self.more.setIcon(icon("menu", palette_in_force(), 16))


class _KernelPicture(QWidget):
    """A small kernel on black."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_SIDE, _SIDE)
        self._image: QImage | None = None
        self._faint = False

    def show_kernel(self, kernel: Kernel | None, faint: bool) -> None:
        self._image, self._faint = None if kernel is None else kernel_image(kernel), faint
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#000000"))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        if self._image is not None:
            scale = (_SIDE - 4) / max(self._image.width(), self._image.height())
            target = QRectF(0, 0, self._image.width() * scale, self._image.height() * scale)
            target.moveCenter(QRectF(self.rect()).center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
            painter.setOpacity(_FAINT if self._faint else 1.0)
            painter.drawImage(target, self._image, QRectF(self._image.rect()))


class AreaSection(Section):
    """Draw and Suggest, the list, and what removes all."""

    def __init__(self, document: Document, areas: AreaHandling, actions: Actions) -> None:
        super().__init__(tr("Blur areas"))
        self._document, self._areas = document, areas
        self.rows: list[AreaRow] = []
        self.draw = tool_of(actions["areas"], tr("Draw areas"))
        self.suggest = QPushButton()
        self.suggest.setProperty("role", "link")
        self.suggest.setToolTip(actions["suggest-areas"].toolTip())
        self.suggest.clicked.connect(actions["suggest-areas"].trigger)
        actions["suggest-areas"].enabledChanged.connect(self.suggest.setEnabled)
        tools = row(gap=1)
        tools.addWidget(self.draw)
        tools.addStretch()
        tools.addWidget(self.suggest)
        self.sentence = label("", "caption", wrap=True)
        self.list = column(gap=1)
        self.remove = button_of(actions["clear-areas"], tr("Delete all"), "link")
        below = row(gap=0)
        below.addStretch()
        below.addWidget(self.remove)
        self.body.addLayout(tools)
        self.body.addWidget(self.sentence)
        self.body.addLayout(self.list)
        self.body.addLayout(below)
        for signal in (
            document.request_changed,
            document.state_changed,
            document.photo_changed,
            areas.tool.changed,
            areas.search.changed,
        ):
            signal.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        areas = self._document.shown.request.areas
        while len(self.rows) > len(areas):
            gone = self.rows.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(areas):
            self.rows.append(self._row_of(len(self.rows)))
        free = self._document.shown.state is not State.WORKING
        for line, area in zip(self.rows, areas, strict=True):
            line.show_area(area.kernel, area.on, self._about(line.index), line.index == self._areas.tool.focused)
            line.use.setEnabled(free)
        self.remove.setVisible(bool(areas))
        self.sentence.setText(self._said())
        share = self._areas.search.share
        self.suggest.setText(
            tr("Suggest") if share is None else tr("Stop looking, {share}").format(share=percent(share))
        )

    def _about(self, index: int) -> str:
        """Return the kernel's size and where it is from, or why there is none."""
        said, area = self._areas.said(index), self._document.shown.request.areas[index]
        if said or area.kernel is None:
            return said
        if area.kernel.values.size == 1:
            return tr("sharp: stays as it is")
        width, height = kernel_facts(area.kernel).extent
        size = f"{width} × {height} px"
        return f"{size}  ·  {tr('given by you')}" if area.given else size

    def _said(self) -> str:
        areas, on = self._document.shown.request.areas, self._document.shown.request.areas_on
        if not areas:
            return tr("Where the blur differs from place to place: a box for each.")
        if not on:
            return tr("All areas are left out.")
        if len(on) == 1:
            return tr("The whole photo is restored by this area; a mask keeps the rest as it was.")
        return tr("Each place is restored by the nearest area or, if the camera turned, by its movement.")

    def _row_of(self, index: int) -> AreaRow:
        made = AreaRow(index)
        made.pressed.connect(partial(self._areas.focus, index))
        made.toggled.connect(partial(self._areas.toggle, index))
        made.menu_asked.connect(
            lambda: self._areas.menu(index).popup(made.more.mapToGlobal(made.more.rect().bottomLeft()))
        )
        made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        made.customContextMenuRequested.connect(lambda at: self._areas.menu(index).popup(made.mapToGlobal(at)))
        self.list.addWidget(made)
        return made
