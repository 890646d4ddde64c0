"""Starts the window. It imports the picture libraries only when a photo is opened, and torch never."""

from __future__ import annotations

import logging
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, QTimer
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from app.log import Log
from app.settings import Settings, settings_path
from app.window.jobs import Jobs
from app.window.main_window import MainWindow
from app.window.methods import method_choices
from app.window.photos.document import Document
from app.window.session import Session
from app.window.session.rehearsing import Rehearsal
from app.window.settings.speaking import speak
from app.window.theme.icons import application_icon
from app.window.theme.theme import Theme
from app.window.trial import PICTURE_VARIABLE, Trial
from app.window.widgets.page import FRAME
from app.window.widgets.tooltips import Tooltips
from engine.user_folders import log_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.protocol import AnyEngine

_log = logging.getLogger(__name__)
_USUAL_SIZE = QSize(1280, 800)


def run_window(photos: Sequence[Path] = (), attend: Callable[[MainWindow], object] | None = None) -> int:
    """Show the window, with the first of `photos` in it, until it is closed; return the exit code.

    attend: called with the window before it is shown.
    """
    log = Log(log_folder())
    _log.info("begun: %s, Python %s", platform.platform(), platform.python_version())
    application = make_application()
    settings = Settings(settings_path())
    speak(settings["language"])
    window = make_window(Theme(application), make_engine, settings)
    window.help.catching.begin()
    files = FileOpening(application, window.open_all)
    if attend is not None:
        attend(window)
    window.show()
    rehearsal = Rehearsal(window.session)
    rehearsal.said.connect(window.say_beside)
    rehearsal.begin()
    window.help.start(log.ended_badly)
    if photos:
        QTimer.singleShot(0, lambda: window.open_all(photos))
    if os.environ.get(PICTURE_VARIABLE):
        Trial(window, Path(os.environ[PICTURE_VARIABLE]))
    try:
        return application.exec()
    finally:
        application.removeEventFilter(files)
        window.help.catching.end()
        log.close()


class FileOpening(QObject):
    """Opens the files that the system hands over. On macOS, "Open with" and the Dock do not use the command line."""

    def __init__(self, application: QApplication, open_all: Callable[[Sequence[Path]], object]) -> None:
        super().__init__(application)
        self._open_all = open_all
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Open a file."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self._open_all([Path(event.file())])
            return True
        return super().eventFilter(watched, event)


def make_application() -> QApplication:
    """Return the application with its name and icon."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("acutance")
    application.setApplicationDisplayName("Acutance")
    application.setDesktopFileName("acutance")
    application.setWindowIcon(application_icon())
    if application.findChild(Tooltips) is None:
        Tooltips(application)
    return application


def make_window(theme: Theme, engine: Callable[[], AnyEngine], settings: Settings | None = None) -> MainWindow:
    """Build the window with its document and session. Without `settings`, use those of the first start."""
    document = Document()
    session = Session(document, Jobs(), engine)
    window = MainWindow(session, theme, method_choices(), settings or _unkept(theme))
    window.resize(_USUAL_SIZE.boundedTo(window.screen().availableSize() - FRAME))
    window.preferences.restore_geometry(window)
    return window


def _unkept(theme: Theme) -> Settings:
    settings = Settings()
    settings.change(theme=theme.choice)
    return settings


def make_engine() -> AnyEngine:
    """Return the real engine, in a process of its own."""
    from engine.process.client import EngineProcess

    return EngineProcess()
