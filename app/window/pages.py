"""Opens what appears over or beside the window: batch, comparison of methods, settings, presets, lists."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from app.window.batch.page import BatchPage
from app.window.batch.runner import BatchRunner
from app.window.commands.group import CommandGroup
from app.window.commands.shortcuts import ShortcutsDialog
from app.window.methods import MethodChoice
from app.window.photos.photo_state import State
from app.window.saving.saving import Saving
from app.window.session import Session
from app.window.settings.dialog import SettingsDialog
from app.window.settings.preferences import Preferences
from app.window.settings.presets_dialog import PresetsDialog
from app.window.triage.known import KnownBlur
from app.window.triage.page import TriagePage
from app.window.triage.runner import TriageRunner


class Pages(QObject):
    """Makes each page when it is first needed. choices: the known methods.

    blur: what is known of the photos' blur. look_asked: as in `BatchPage`.
    """

    look_asked = Signal(object, object)

    def __init__(
        self,
        window: QWidget,
        session: Session,
        saving: Saving,
        preferences: Preferences,
        choices: Sequence[MethodChoice],
        commands: CommandGroup,
    ) -> None:
        super().__init__(window)
        self.window = window
        self._window, self._session, self._saving = window, session, saving
        self._preferences, self.choices = preferences, choices
        self.blur = KnownBlur(session)
        self.batch = BatchRunner(session, self.blur)
        self._batch_page: BatchPage | None = None
        self.triage = TriageRunner(session, self.blur)
        self._triage_page: TriagePage | None = None
        self._add(commands)

    def _add(self, commands: CommandGroup) -> None:
        """Let commands open the pages."""
        commands.add(
            {
                "batch": self.show_batch,
                "triage": self.show_triage,
                "settings": self.show_settings,
                "presets": self.show_presets,
                "shortcuts": lambda: _ask(ShortcutsDialog(self._window)),
            }
        )
        document = self._session.document
        commands.add({"compare-methods": self.compare_methods}, lambda: document.shown.state is State.READY)

    def show_batch(self) -> BatchPage:
        """Show the batch page; closing its window keeps its state."""
        if self._batch_page is None:
            document, settings = self._session.document, self._preferences.settings
            self._batch_page = BatchPage(self.batch, document, settings, self.choices, self._window)
            self._batch_page.look_asked.connect(self.look_asked)
        self._batch_page.show()
        self._batch_page.raise_()
        return self._batch_page

    def show_triage(self) -> TriagePage:
        """Show the triage page; closing its window keeps its state."""
        if self._triage_page is None:
            self._triage_page = TriagePage(self.triage, self._preferences.settings, self._window)
            self._triage_page.look_asked.connect(self.look_asked)
            self._triage_page.batch_asked.connect(self._deblur)
        self._triage_page.show()
        self._triage_page.raise_()
        return self._triage_page

    def _deblur(self, folder: Path, photos: tuple[Path, ...]) -> None:
        """Hand photos of a folder over to a batch, which waits for the user to start it."""
        page = self.show_batch()
        if not self.batch.running:
            page.choose(folder, photos)

    def compare_methods(self) -> None:
        """Run all methods on the photo and let the user pick a result."""
        from app.window.comparing.dialog import CompareDialog

        dialog = CompareDialog(self._session, self.choices, self._window)
        dialog.sheet_asked.connect(lambda: self._saving.save_sheet(dialog, dialog.save_sheet))
        dialog.unexpected.connect(self._session.unexpected)
        dialog.open()

    def show_settings(self) -> None:
        """Show the settings; changes apply at once."""
        dialog = SettingsDialog(self._preferences.settings, self._window)
        dialog.changed.connect(self._preferences.apply)
        _ask(dialog)

    def show_presets(self) -> None:
        """Show the presets."""
        methods = [choice.id for choice in self.choices if not choice.reason]
        _ask(PresetsDialog(self._session.document, methods, self._window))

    def close(self) -> None:
        """End all work behind the pages."""
        self.batch.cancel()
        self.triage.cancel()


def _ask(dialog: QDialog) -> None:
    dialog.exec()
    dialog.deleteLater()
