"""The menus of the right button: over the photo, and over a photo in the strip."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu, QWidget

from app.language import tr
from app.window.commands.table import Actions
from app.window.many.handling import Many
from app.window.opening.browsing import Browsing
from app.window.opening.own_files import is_own
from app.window.panels.strip import Strip
from app.window.photos.roll import Badge
from app.window.saving.unsaved import SavingAll
from app.window.session import Session
from app.window.viewer.viewer import Viewer

_PHOTO = (
    ("deblur", "compare-methods"),
    ("save", "export", "copy", "paste"),
    ("fit", "actual", "faces", "face-strip"),
    ("brush", "add-face", "draw-kernel"),
    ("close-photo",),
)
_ALL = ("deblur-all", "stop-all", "save-all")


class Menus(QObject):
    """Makes each menu when it is asked for; keys open them, too."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        viewer: Viewer,
        strip: Strip,
        browsing: Browsing,
        saving_all: SavingAll,
        many: Many,
        actions: Actions,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._browsing = window, session, browsing
        self._saving_all, self._many, self._actions = saving_all, many, actions
        viewer.menu_asked.connect(lambda at: self.of_photo().popup(at))
        strip.menu_asked.connect(lambda path, at: self.of_row(path).popup(at))

    def of_photo(self) -> QMenu:
        """Return the menu over the photo."""
        menu = self._menu()
        for part in _PHOTO:
            for command in part:
                menu.addAction(self._actions[command])
            menu.addSeparator()
        return menu

    def of_row(self, path: Path) -> QMenu:
        """Return the menu of an open photo."""
        menu, roll = self._menu(), self._session.roll
        losses = self._saving_all.losses(path)
        free = self._many.offered and roll.badge(path) is not Badge.WORKING
        entries: tuple[tuple[str, bool, Callable[[], object]], ...] = (
            (tr("Show"), path != self._session.document.shown.path, partial(self._browsing.open, path)),
            (tr("Deblur"), free, partial(self._many.together.add, path)),
            (tr("Save"), bool(losses), partial(self._saving_all.save, losses)),
            (tr("Show in folder"), not is_own(path), partial(_show_folder, path)),
            (tr("Close"), True, partial(self._browsing.close, path)),
        )
        for title, enabled, act in entries:
            action = menu.addAction(title)
            action.setEnabled(enabled)
            action.triggered.connect(lambda _=False, act=act: act())
        menu.addSeparator()
        for command in _ALL:
            menu.addAction(self._actions[command])
        return menu

    def _menu(self) -> QMenu:
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu


def _show_folder(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
