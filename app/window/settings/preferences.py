"""Applies the settings to the window, and stores the user's last choices in the settings."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, Signal
from PySide6.QtWidgets import QWidget

from app.settings import REMEMBERED, Settings
from app.window.session import Session
from app.window.theme.theme import Theme
from app.window.viewer.screen import use_profile
from engine.choices import Choices

_RECENT = 12


class Preferences(QObject):
    """Made once for a window; call `apply` after every change of the settings."""

    recent_changed = Signal()

    def __init__(self, settings: Settings, session: Session, theme: Theme, methods: Collection[str]) -> None:
        document = session.document
        super().__init__(document)
        self._session = session
        session.choices.methods = methods
        self.settings = settings
        self._document = document
        self._theme = theme
        last = {key: settings[key] for key in REMEMBERED}
        if last["method"] not in methods:
            last["method"] = "auto"
        if settings["pinned"]:
            document.shown.change_request(**last)
            document.pin(True)
        self.apply()

    def apply(self) -> None:
        """Apply the current settings."""
        settings = self.settings
        self._session.place = settings.place
        self._session.choices.place = settings["sidecars"]
        use_profile(settings["screen_profile"])
        if settings["theme"] != self._theme.choice:
            self._theme.choose(settings["theme"])

    def choose_theme(self, choice: str) -> None:
        """Switch to a theme."""
        self.settings.change(theme=choice)
        self.apply()

    @property
    def recent(self) -> list[Path]:
        """The recent photos, the latest first."""
        return [Path(name) for name in self.settings["recent"] if isinstance(name, str)]

    def opened(self, path: Path) -> None:
        """Add a photo to the recent photos."""
        others = [known for known in self.recent if known != path]
        self.settings.change(recent=[str(known) for known in [path, *others][:_RECENT]])
        self.recent_changed.emit()

    def forget_recent(self) -> None:
        """Empty the list of recent photos."""
        self.settings.change(recent=[])
        self.recent_changed.emit()

    def restore_geometry(self, window: QWidget) -> None:
        """Put the window where it was when it was closed."""
        if self.settings["geometry"]:
            window.restoreGeometry(QByteArray.fromBase64(self.settings["geometry"].encode()))

    def leave(self, window: QWidget) -> None:
        """Store the window's position and the pinned choices."""
        pinned = self._document.defaults.pinned
        request = pinned or Choices()
        last = {key: getattr(request, key) for key in REMEMBERED}
        geometry = bytes(window.saveGeometry().toBase64().data()).decode()
        self.settings.change(geometry=geometry, pinned=pinned is not None, **last)
