"""The current theme: it follows the system or the user's choice, and applies to the whole application."""

from __future__ import annotations

import dataclasses
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from app.settings import ThemeChoice
from app.window.theme import tokens
from app.window.theme.dressed import put_in_force
from app.window.theme.icons import icon_file
from app.window.theme.tokens import DARK, LIGHT, Palette
from resources import resource


class Theme(QObject):
    """Knows the current palette and reports changes. There is one for the application."""

    changed = Signal()

    def __init__(self, application: QApplication, choice: ThemeChoice = "system") -> None:
        super().__init__(application)
        self._application = application
        self._choice: ThemeChoice = choice
        self._base = min(18, max(13, QFontInfo(application.font()).pixelSize()))
        self.palette: Palette = self._wanted()
        application.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._refresh)
        self._dress()

    @property
    def choice(self) -> ThemeChoice:
        """The user's choice."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Follow the system, or always use the light or the dark theme."""
        self._choice = choice
        self._refresh()

    def _wanted(self) -> Palette:
        if self._choice != "system":
            return DARK if self._choice == "dark" else LIGHT
        return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT

    def _refresh(self) -> None:
        wanted = self._wanted()
        if wanted is not self.palette:
            self.palette = wanted
            self._dress()
            self.changed.emit()

    def _dress(self) -> None:
        put_in_force(self.palette)
        self._application.setPalette(_qt_palette(self.palette))
        self._application.setStyleSheet(style_sheet(self.palette, self._base))


def style_sheet(palette: Palette, base: int) -> str:
    """Return the style sheet for a palette and a base font size in px."""
    values = {key: str(value) for key, value in dataclasses.asdict(palette).items()}
    values |= {f"type_{key}": f"{size}px" for key, size in tokens.type_scale(base).items()}
    values |= {"radius": f"{tokens.RADIUS}px", "control": f"{tokens.CONTROL_HEIGHT}px"}
    values |= {
        "check_icon": icon_file("check", palette.on_accent),
        "chevron_icon": icon_file("chevron-down", palette.muted),
    }
    return Template(resource("qss", "window.qss").read_text(encoding="utf-8")).substitute(values)


def _qt_palette(palette: Palette) -> QPalette:
    """Return the palette for what the style sheet does not reach: widgets of native dialogs, selections, links."""
    roles = QPalette.ColorRole
    qt = QPalette()
    for role, colour in {
        roles.Window: palette.window,
        roles.WindowText: palette.text,
        roles.Base: palette.surface,
        roles.AlternateBase: palette.raised,
        roles.Text: palette.text,
        roles.Button: palette.raised,
        roles.ButtonText: palette.text,
        roles.ToolTipBase: palette.raised,
        roles.ToolTipText: palette.text,
        roles.PlaceholderText: palette.faint,
        roles.Highlight: palette.accent,
        roles.HighlightedText: palette.on_accent,
        roles.Link: palette.accent,
    }.items():
        qt.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        qt.setColor(QPalette.ColorGroup.Disabled, role, QColor(palette.faint))
    return qt
