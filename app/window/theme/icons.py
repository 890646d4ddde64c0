"""The window's icons: SVGs drawn in `currentColor`, tinted for the theme and sharp at any scale."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.window.theme.tokens import ICON_SIZE, Palette
from resources import resource

_SCALES = (1, 2, 3)


@cache
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, colour: str, size: int = ICON_SIZE, scale: float = 1) -> QPixmap:
    """Return the icon in one colour; `size` in logical px, `scale` in device px per logical px."""
    picture = QPixmap(QSize(round(size * scale), round(size * scale)))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    renderer.render(painter, QRectF(0, 0, picture.width(), picture.height()))
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture


@cache
def icon(name: str, palette: Palette, size: int = ICON_SIZE, colour: str | None = None) -> QIcon:
    """Return the icon for a theme; `colour` replaces the text's colour (on a filled button)."""
    made = QIcon()
    for scale in _SCALES:
        made.addPixmap(pixmap(name, colour or palette.text, size, scale), QIcon.Mode.Normal)
        made.addPixmap(pixmap(name, palette.faint, size, scale), QIcon.Mode.Disabled)
        made.addPixmap(pixmap(name, palette.accent, size, scale), QIcon.Mode.Normal, QIcon.State.On)
    return made


@cache
def application_icon() -> QIcon:
    """Return the program's own icon, in full colour."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(pixmap("acutance", "", size))
    return made


@cache
def _tinted_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="acutance-icons-")


def icon_file(name: str, colour: str) -> str:
    """Return the path of a tinted copy, with forward slashes: style sheets accept files only."""
    target = Path(_tinted_folder().name) / f"{name}-{colour.lstrip('#')}.svg"
    if not target.exists():
        target.write_text(_source(name).replace("currentColor", colour), encoding="utf-8")
    return target.as_posix()
