"""Carries an export to the session."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.settings import Settings
from app.window.commands.group import NO_RESULT, CommandGroup
from app.window.saving.saving import Saving
from app.window.session import Session

if TYPE_CHECKING:
    from app.window.exporting.choice import ExportChoice
    from app.window.exporting.sheet import ExportSheet


class Exporting(QObject):
    """Opens the sheet, and has the file written."""

    def __init__(
        self, window: QWidget, session: Session, saving: Saving, settings: Settings, commands: CommandGroup
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._saving, self._settings = window, session, saving, settings
        commands.add({"export": self.show}, lambda: session.document.shown.has_result, NO_RESULT)

    def show(self) -> ExportSheet | None:
        """Open the sheet for the result that is shown."""
        from app.window.exporting.sheet import ExportSheet

        shown, usual = self._session.document.shown, self._saving.usual_target()
        if shown.path is None or shown.photo is None or shown.result is None or usual is None:
            return None
        size, method = shown.photo.size, shown.result.method
        sheet = ExportSheet(self._window, self._settings, shown.path, size, usual.parent, method)
        sheet.export_asked.connect(self._export)
        sheet.finished.connect(sheet.deleteLater)
        sheet.open()
        return sheet

    def _export(self, target: Path, choice: ExportChoice) -> None:
        from engine.photos.exporting import Preparation

        prepare = Preparation(choice.depth or None, choice.longest or None, choice.colours == "srgb")
        self._saving.export(target, prepare, choice.quality)
