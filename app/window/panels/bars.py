"""The bars above and below the photo. Above: file and comparison. Below: pixel under the pointer, zoom."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from app.language import percent, tr
from app.window.commands.main_menu import menu_button
from app.window.commands.table import COMMANDS, Actions, tip
from app.window.photos.document import Document
from app.window.photos.photo_state import State
from app.window.theme.dressed import Dressed, palette_in_force
from app.window.theme.icons import icon
from app.window.viewer.comparison import Mode
from app.window.viewer.viewer import Viewer
from app.window.widgets.basics import ElidedLabel, button_of, label, plain_tip, push_button, row, rule, set_property
from app.window.widgets.segments import ShrinkingSegments


def tool_button(action: QAction) -> QToolButton:
    """Return a button that shows the action's icon only."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(20, 20))
    button.setAccessibleName(action.text())
    return button


class TopBar(Dressed, QFrame):
    """Shows Open, Undo, Redo and the file's name (left), comparison (middle), Save and the menu (right)."""

    def __init__(self, document: Document, actions: Actions, recent: QMenu) -> None:
        super().__init__()
        self.setObjectName("topBar")
        self.setFixedHeight(52)
        self._document = document
        self._actions = actions
        self.name = ElidedLabel("file")
        commands = {command.id: command for command in COMMANDS}
        modes = [
            (mode.value, tr(commands[mode.value].title), tip(commands[mode.value]), commands[mode.value].icon)
            for mode in Mode
        ]
        self.modes = ShrinkingSegments(modes, tr("Compare"))
        self.modes.chosen.connect(lambda mode: actions[mode].trigger())
        self.batch = push_button("", actions["batch"].trigger, tr("A batch is running; show it"), "link")
        self.batch.hide()
        self.stop = QPushButton()
        self.stop.setProperty("role", "link")
        self.stop.setToolTip(actions["stop-all"].toolTip())
        self.stop.hide()
        self.save = button_of(actions["save"], tr("Save"))
        self._menu_button = menu_button(actions, recent)
        self.menu = self._menu_button.menu()
        self.put_on()
        left, right = QWidget(), QWidget()
        self._fill_left(row(left, gap=3))
        self._fill_right(row(right, gap=2))
        layout = QGridLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setHorizontalSpacing(10)
        layout.addWidget(left, 0, 0)
        layout.addWidget(self.modes, 0, 1)
        layout.addWidget(right, 0, 2)
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(2, 1)
        document.photo_changed.connect(self._refresh)
        document.result_changed.connect(self._refresh)
        document.state_changed.connect(self._refresh)
        document.picture_changed.connect(self._refresh)
        self._refresh()

    def _fill_left(self, layout: QHBoxLayout) -> None:
        layout.addWidget(tool_button(self._actions["open"]))
        self._undo, self._redo = (tool_button(self._actions[command]) for command in ("undo", "redo"))
        for button in (self._undo, self._redo):
            layout.addWidget(button)
        layout.setSpacing(4)
        layout.addSpacing(8)
        layout.addWidget(self.name, 1)

    def _fill_right(self, layout: QHBoxLayout) -> None:
        layout.addStretch()
        self._faces = tool_button(self._actions["faces"])
        layout.addWidget(self.stop)
        layout.addWidget(self.batch)
        layout.addWidget(self._faces)
        layout.addWidget(self.save)
        layout.addWidget(self._menu_button)

    def replace_save(self, button: QPushButton) -> None:
        """Put another button in the place of Save, which stays in the menu."""
        holder = self.save.parentWidget()
        layout = holder.layout() if holder else None
        assert layout is not None
        layout.replaceWidget(self.save, button)
        self.save.deleteLater()
        self.save = button
        self._refresh()

    def _refresh(self) -> None:
        shown = self._document.shown
        self.name.setText(shown.path.name if shown.path else "Acutance")
        if shown.result is not None:
            drag = tr("Drag this name out of the window to take the result into another program")
            self.name.setToolTip(plain_tip(f"{self.name.text()}\n{drag}"))
        for part in (self.modes, self.save, self._faces, self._undo, self._redo):
            part.setVisible(shown.state is not State.EMPTY)
        to_save = shown.result is not None and not shown.saved
        set_property(self.save, "role", "primary" if to_save else "")
        self.modes.setEnabled(shown.comparable)

    def show_together(self, now: int, total: int, running: bool) -> None:
        """Offer to stop what restores all open photos, and show how far it is."""
        self.stop.setText(tr("Stop ({now} of {total})").format(now=now, total=total))
        self.stop.setVisible(running)

    def show_batch(self, ended: int, total: int, running: bool) -> None:
        """Show that a batch is running, and how far it is."""
        self.batch.setText(tr("Batch {ended}/{total}").format(ended=ended, total=total))
        self.batch.setVisible(running)

    def dress(self) -> None:
        """Draw the icon in the colours of the theme."""
        self._menu_button.setIcon(icon("menu", palette_in_force()))


def _short_rule() -> QFrame:
    made = rule(upright=True)
    made.setFixedHeight(16)
    return made


class BottomBar(QFrame):
    """Shows the photo's size, the position and colour of the pixel under the pointer, and the zoom."""

    def __init__(self, document: Document, viewer: Viewer, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("bottomBar")
        self.setFixedHeight(36)
        self._document = document
        self._viewer = viewer
        self.about, self.point, self.beside = label("", "figure"), label("", "figure"), ElidedLabel("caption")
        self.point.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.zoom = QToolButton()
        self.zoom.setFixedWidth(72)
        self.zoom.setDefaultAction(actions["actual"])
        self.zoom.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        layout = row(self, gap=1)
        layout.setContentsMargins(16, 0, 12, 0)
        layout.addWidget(self.about)
        layout.addSpacing(16)
        layout.addWidget(self.point, 1)
        layout.addWidget(self.beside)
        layout.addSpacing(8)
        self._zoom_parts: Sequence[QWidget] = (
            tool_button(actions["fit"]),
            _short_rule(),
            tool_button(actions["zoom-out"]),
            self.zoom,
            tool_button(actions["zoom-in"]),
        )
        for part in self._zoom_parts:
            layout.addWidget(part)
        viewer.viewport_changed.connect(self._show_zoom)
        viewer.hovered.connect(self._show_point)
        document.photo_changed.connect(self._tell)
        document.state_changed.connect(self._tell)
        self._show_zoom()

    def _tell(self) -> None:
        photo = self._document.shown.photo
        self.about.setText(tr("Opening…") if self._document.shown.state is State.OPENING else "")
        if photo:
            width, height = photo.size
            self.about.setText(f"{width} × {height}  ·  {photo.format}, {photo.bit_depth} {tr('bit')}")

    def _show_zoom(self) -> None:
        viewport = self._viewer.viewport
        for part in self._zoom_parts:
            part.setVisible(viewport is not None)
        if viewport:
            self.zoom.setText(percent(viewport.scale))
            name = tr("Zoom {scale}, press for 100%")
            self.zoom.setAccessibleName(name.format(scale=percent(viewport.scale)))

    def _show_point(self, point: QPointF | None) -> None:
        original = self._document.shown.original
        colour = original.colour_at(int(point.x()), int(point.y())) if original and point else None
        if colour is None or point is None:
            self.point.setText("")
        else:
            red, green, blue = colour
            self.point.setText(f"x {int(point.x())}   y {int(point.y())}      R {red}   G {green}   B {blue}")
