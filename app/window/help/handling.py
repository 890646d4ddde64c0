"""Opens the help pages, and stores the user's choices after an unexpected error."""

from __future__ import annotations

import logging
from datetime import date
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget

from app.language import tr
from app.settings import Settings
from app.updates import release_page
from app.window.commands.group import CommandGroup
from app.window.help.about import AboutDialog
from app.window.help.catching import Catching
from app.window.help.diagnosis_dialog import DiagnosisDialog
from app.window.help.log_dialog import LogDialog
from app.window.help.unexpected import ErrorDialog
from app.window.help.updates import UpdateCheck
from app.window.session import Session
from app.window.widgets.message_bar import MessageBar
from engine.user_folders import log_folder

_log = logging.getLogger(__name__)

Dialog = TypeVar("Dialog", bound=QDialog)


class Help(QObject):
    """Made once for a window; call `start` once the window is visible."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        settings: Settings,
        commands: CommandGroup,
        message: MessageBar,
    ) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._settings, self._message = settings, message
        self._error: ErrorDialog | None = None
        self._diagnosis: DiagnosisDialog | None = None
        self._log: LogDialog | None = None
        self.catching = Catching(self)
        self.catching.happened.connect(self.show_unexpected, Qt.ConnectionType.QueuedConnection)
        self.updates = UpdateCheck(self)
        self.updates.answered.connect(self._offer, Qt.ConnectionType.QueuedConnection)
        session.unexpected.connect(self.show_unexpected)
        commands.add({"diagnosis": self.show_diagnosis, "log": self.show_log, "about": self.show_about})

    def start(self, ended_badly: bool) -> None:
        """Say so if the program ended unexpectedly last time; look for a newer version if the user wants that."""
        if ended_badly:
            words = tr("Acutance ended unexpectedly last time. Your choices are kept; the log says more.")
            self._message.say("warning", words, tr("Show log"), self.show_log)
        today = date.today().isoformat()
        if self._settings["updates"] == "daily" and self._settings["updates_asked"] != today and release_page():
            self._settings.change(updates_asked=today)
            self.updates.ask(release_page())

    def _offer(self, newer: str | None) -> None:
        if newer:
            words = tr("Acutance {version} is available.").format(version=newer)
            self._message.say("info", words, tr("Open the release page"), open_release_page)

    def show_diagnosis(self) -> DiagnosisDialog:
        """Show a new diagnosis."""
        if self._diagnosis is None or not self._diagnosis.isVisible():
            self._diagnosis = DiagnosisDialog(self._session.in_background, self._window)
        return _shown(self._diagnosis)

    def show_log(self) -> LogDialog:
        """Show the log, read again."""
        if self._log is None:
            self._log = LogDialog(log_folder(), self._window)
        else:
            self._log.read_again()
        return _shown(self._log)

    def show_about(self) -> None:
        """Show versions, licences, methods and their cards."""
        about = AboutDialog(self._window)
        about.exec()
        about.deleteLater()

    @Slot(object)
    def show_unexpected(self, error: BaseException) -> None:
        """Store the choices, then show the error; the window keeps working."""
        try:
            self._session.choices.keep()
        except Exception:  # noqa: BLE001 - the report must be shown whatever else is broken
            _log.exception("the choices cannot be kept")
        if self._error is not None:
            self._error.add(error)
            return
        self._error = ErrorDialog(self._window, error)
        self._error.log_asked.connect(self.show_log)
        self._error.finished.connect(self._error_closed)
        self._error.open()

    def _error_closed(self) -> None:
        self._error = None


def open_release_page() -> None:
    """Open the release page in the browser."""
    QDesktopServices.openUrl(QUrl(release_page()))


def _shown(dialog: Dialog) -> Dialog:
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
    return dialog
