"""What the user does with areas, carried to document, viewer and disk."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from app.language import marked, tr
from app.window import dialogs
from app.window.areas.overlay import ShownArea
from app.window.areas.searching import AreaSearch
from app.window.areas.tool import AreaTool
from app.window.commands.group import Acts, CommandGroup
from app.window.commands.table import Actions
from app.window.kernels.editor import KernelEditor
from app.window.kernels.lights import offer_lights
from app.window.photos.photo_state import State
from app.window.session import Session
from app.window.viewer.viewer import Viewer
from app.window.widgets.kernel_view import kernel_image
from engine.areas.area import Areas, changed
from engine.kernels.kernel import Kernel


class AreaHandling(QObject):
    """Takes the tool up and puts it down, shows the areas, and gives them kernels."""

    def __init__(self, window: QWidget, session: Session, viewer: Viewer, actions: Actions) -> None:
        super().__init__(window)
        self._window, self._session, self._viewer, self._actions = window, session, viewer, actions
        self._document = session.document
        self.tool = AreaTool(viewer, session.document)
        self.search = AreaSearch(session, lambda: self.tool.dragging)
        actions["show-areas"].setChecked(True)
        self._commands = CommandGroup(actions)
        self._add(self._commands)
        self.tool.menu_asked.connect(lambda index, at: self.menu(index).popup(at))
        self.tool.settled.connect(self.search.follow)
        document = self._document
        for signal in (
            self.tool.changed,
            self.search.changed,
            document.request_changed,
            document.state_changed,
            document.photo_changed,
        ):
            signal.connect(self._show)
        self._show()

    def _add(self, commands: CommandGroup) -> None:
        """Carry the commands out."""
        document, tool = self._document, self.tool

        def free() -> bool:
            return document.shown.photo is not None and document.shown.state is State.READY

        commands.add({"areas": self._take, "suggest-areas": self.search.suggest}, free)
        look: Acts = {
            "show-areas": self._show,
            "next-area": partial(self._step, 1),
            "previous-area": partial(self._step, -1),
        }
        commands.add(look, lambda: bool(self._all), marked("There is no blur area yet: G draws one."))
        clear = {"clear-areas": lambda: document.shown.change_request(areas=())}
        commands.add(clear, lambda: bool(self._all) and free())
        of_focused: Acts = {
            "toggle-area": tool.toggle,
            "delete-area": tool.delete,
            "find-area-kernel": partial(self._of_focused, self.search.look_again),
            "draw-area-kernel": partial(self._of_focused, self.draw),
            "load-area-kernel": partial(self._of_focused, self.load),
        }
        commands.add(of_focused, lambda: free() and tool.focused is not None)

    @property
    def _all(self) -> Areas:
        shown = self._document.shown
        return shown.request.areas if shown.photo is not None else ()

    def focus(self, index: int) -> None:
        """Give an area the handles, and take the tool up."""
        self.tool.focus(index)
        if not self.tool.held:
            self.tool.take_up()
        self._viewer.setFocus()

    def _take(self) -> None:
        """Take the tool up, or put it down where it is held already."""
        if self.tool.held:
            self.tool.put_down()
        else:
            self._actions["show-areas"].setChecked(True)
            self.tool.take_up()
            self._viewer.setFocus()

    def _step(self, step: int) -> None:
        self.tool.step(step)
        if self.tool.focused is not None:
            self.focus(self.tool.focused)

    def _of_focused(self, act: Callable[[int], object]) -> None:
        if self.tool.focused is not None:
            act(self.tool.focused)

    # kernels

    def menu(self, index: int) -> QMenu:
        """Return the menu of an area."""
        areas = self._document.shown.request.areas
        menu = QMenu(self._viewer)
        entries: list[tuple[str, Callable[[], object]]] = [
            (tr("Leave this area out") if areas[index].on else tr("Use this area"), partial(self.toggle, index)),
            (tr("Find its kernel again"), partial(self.search.look_again, index)),
            (tr("Draw its kernel…"), partial(self.draw, index)),
            (tr("Kernel from a file…"), partial(self.load, index)),
        ]
        for text, act in entries:
            menu.addAction(text).triggered.connect(lambda _=False, act=act: act())
        others = [at for at, area in enumerate(areas) if at != index and area.kernel is not None]
        if others:
            part = menu.addMenu(tr("Kernel of another area"))
            for at in others:
                text = tr("Area {number}").format(number=at + 1)
                part.addAction(text).triggered.connect(lambda _=False, at=at: self.take_kernel_of(index, at))
        menu.addSeparator()
        menu.addAction(tr("Delete this area")).triggered.connect(lambda _=False: self.delete(index))
        menu.setEnabled(self._document.shown.state is State.READY)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def toggle(self, index: int) -> None:
        """Use an area, or leave it out."""
        self.tool.focus(index)
        self.tool.toggle()

    def delete(self, index: int) -> None:
        """Remove an area."""
        self.tool.focus(index)
        self.tool.delete()

    def draw(self, index: int) -> None:
        """Open the editor, with the kernel of the area if it has one."""
        shown = self._document.shown
        folder = shown.path.parent if shown.path else None
        editor = KernelEditor(self._window, shown.request.areas[index].kernel, folder)
        editor.use.setText(tr("Use it in this area"))
        editor.use.setToolTip(tr("Undo this movement in the area"))
        editor.taken.connect(partial(self.give, shown.photo, index))
        editor.open()
        if shown.photo is not None:
            offer_lights(self._session, editor, shown.photo.pixels, shown.request.areas[index].box)

    def load(self, index: int) -> None:
        """Take a kernel from a file; say so if the file holds none."""
        path = self._document.shown.path
        chosen = dialogs.ask_kernel(self._window, path.parent if path is not None else None)
        if chosen is not None:
            work = partial(_loaded, chosen)
            self._session.in_background(lambda *_: work(), partial(self.give, self._document.shown.photo, index))

    def take_kernel_of(self, index: int, other: int) -> None:
        """Give an area the kernel of another."""
        kernel = self._document.shown.request.areas[other].kernel
        if kernel is not None:
            self.give(self._document.shown.photo, index, kernel)

    def give(self, photo: object, index: int, kernel: Kernel) -> None:
        """Give an area of a photo a kernel, if that photo is shown."""
        areas = self._document.shown.request.areas
        if photo is self._document.shown.photo and index < len(areas) and self._document.shown.state is State.READY:
            self._document.shown.change_request(areas=changed(areas, index, kernel=kernel, given=True, on=True))

    # what is shown

    def said(self, index: int) -> str:
        """Return what there is to say of an area in place of its kernel, "" if that is known."""
        area = self._document.shown.request.areas[index]
        if not area.on:
            return tr("left out")
        if area.kernel is not None:
            return ""
        if area.box in self.search.plain:
            return tr("no edges here")
        return tr("looking for its kernel…")

    def _show(self) -> None:
        """Show the areas as they are, and which commands can be used."""
        document, tool, actions = self._document, self.tool, self._actions
        if tool.held and document.shown.state is State.EMPTY:
            tool.put_down()
            return
        shown = actions["show-areas"].isChecked() or tool.held
        self._viewer.set_areas(tuple(map(self._shown, range(len(self._all)))) if shown else ())
        actions["areas"].setChecked(tool.held)
        self._commands.refresh()

    def _shown(self, index: int) -> ShownArea:
        area, tool = self._document.shown.request.areas[index], self.tool
        picture = None if area.kernel is None else kernel_image(area.kernel)
        focused = index == tool.focused
        return ShownArea(area.box, index + 1, area.on, picture, self.said(index), focused, tool.held)


def _loaded(path: Path) -> Kernel:
    from engine.kernels.files import load_kernel

    return load_kernel(path)
