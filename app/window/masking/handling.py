"""What the user does with masks, carried to document, viewer and disk."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.language import marked
from app.window import dialogs
from app.window.commands.group import Acts, CommandGroup
from app.window.commands.table import Actions
from app.window.masking.painting import Painting
from app.window.photos.photo_state import State
from app.window.saving.saving import Saving
from app.window.session import Session
from app.window.viewer.viewer import Viewer
from engine.masks.mask import Mask, Size

_SIZE_STEP = 1.25
_HARDNESS_STEP = 0.1


class MaskHandling(QObject):
    """Takes the brush up and puts it down, shows the mask, makes, keeps and copies it."""

    def __init__(self, window: QWidget, session: Session, saving: Saving, viewer: Viewer, actions: Actions) -> None:
        super().__init__(window)
        self._window, self._session, self._saving = window, session, saving
        self._viewer, self._actions = viewer, actions
        self._document = session.document
        self.painting = Painting(viewer, session.document)
        self._copied: Mask | None = None
        self._commands = CommandGroup(actions)
        self._add_brush(self._commands)
        self._add_masks(self._commands)
        self._connect()
        self._show()

    def _connect(self) -> None:
        painting, document = self.painting, self._document
        for signal in (
            painting.changed,
            document.mask_changed,
            document.marks_changed,
            document.picture_changed,
            document.state_changed,
        ):
            signal.connect(self._show)

    def _add_brush(self, commands: CommandGroup) -> None:
        painting = self.painting
        take: Acts = {"brush": partial(self._take, False), "eraser": partial(self._take, True)}
        commands.add({**take, "load-mask": self._load}, self._free)
        shape: Acts = {
            "brush-smaller": lambda: painting.change(size=painting.brush.size / _SIZE_STEP),
            "brush-larger": lambda: painting.change(size=painting.brush.size * _SIZE_STEP),
            "brush-softer": lambda: painting.change(hardness=painting.brush.hardness - _HARDNESS_STEP),
            "brush-harder": lambda: painting.change(hardness=painting.brush.hardness + _HARDNESS_STEP),
        }
        commands.add(shape, lambda: painting.held, marked("Take the brush first: press Q."))

    def _add_masks(self, commands: CommandGroup) -> None:
        document = self._document

        def masked() -> bool:
            return document.shown.mask is not None

        no_mask = marked("There is no mask yet: Q paints one.")
        change: Acts = {"invert-mask": self._invert, "clear-mask": lambda: document.shown.set_mask(None)}
        commands.add(change, lambda: masked() and self._free(), no_mask)
        commands.add({"save-mask": self._save, "copy-mask": self._copy}, masked, no_mask)
        chosen = {"mask-faces": self._from_faces}
        commands.add(chosen, lambda: self._free() and any(mark.chosen for mark in document.shown.marks))
        commands.add({"show-mask": self._show}, lambda: document.shown.photo is not None)
        copied = marked("No mask was copied.")
        commands.add({"paste-mask": self._paste}, lambda: self._free() and self._copied is not None, copied)

    def _free(self) -> bool:
        return self._document.shown.photo is not None and self._document.shown.state is State.READY

    def _take(self, erase: bool) -> None:
        """Take the brush up, or put it down where it is held already."""
        painting = self.painting
        if painting.held and painting.brush.erase == erase:
            painting.put_down()
        else:
            painting.take_up(erase)
            self._viewer.setFocus()

    def _show(self) -> None:
        """Show the mask as it is, and which commands can be used."""
        shown, painting = self._document.shown, self.painting
        if painting.held and shown.state is State.EMPTY:
            painting.put_down()
            return
        # Without a result, nothing but the tint shows what was painted.
        tinted = self._actions["show-mask"].isChecked() or (painting.held and shown.restored is None)
        self._viewer.compare(mask=None if shown.rival is not None else painting.alpha, tinted=tinted)
        for command, erase in (("brush", False), ("eraser", True)):
            self._actions[command].setChecked(painting.held and painting.brush.erase == erase)
        self._commands.refresh()

    def _from_faces(self) -> None:
        from engine.masks.making import mask_of_faces

        shown = self._document.shown
        if shown.photo is not None:
            boxes = [mark.box for mark in shown.marks if mark.chosen]
            shown.set_mask(mask_of_faces(shown.photo.size, boxes))

    def _invert(self) -> None:
        if self._document.shown.mask is not None:
            self._document.shown.set_mask(self._document.shown.mask.inverted())

    def _copy(self) -> None:
        self._copied = self._document.shown.mask
        self._show()

    def _paste(self) -> None:
        if self._copied is not None:
            self._take_fitted(partial(_fitted, self._copied))

    def _load(self) -> None:
        path = self._document.shown.path
        chosen = dialogs.ask_mask(self._window, path.parent if path is not None else None)
        if chosen is not None:
            self._take_fitted(partial(_loaded, chosen))

    def _take_fitted(self, make: Callable[[Size], Mask]) -> None:
        """Have a mask made for the photo that is shown, on a thread."""
        photo = self._document.shown.photo
        if photo is not None:
            self._session.in_background(lambda *_: make(photo.size), partial(self._use, photo))

    def _use(self, photo: object, mask: Mask) -> None:
        if photo is self._document.shown.photo:
            self._document.shown.set_mask(mask)

    def _save(self) -> None:
        if self._document.shown.mask is not None:
            self._saving.save_mask(self._document.shown.mask)


def _fitted(mask: Mask, size: Size) -> Mask:
    from engine.masks.files import fitted

    return fitted(mask, size)


def _loaded(path: object, size: Size) -> Mask:
    from engine.masks.files import load_mask

    return load_mask(str(path), size)
