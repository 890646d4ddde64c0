"""The colours that are in force, and widgets that hold something made in them.

A widget or a delegate that paints asks `palette_in_force` when it paints: Qt repaints all when the theme changes. One
that holds icons, pixmaps or pens is `Dressed`, and makes them anew then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent

from app.window.theme.tokens import LIGHT, Palette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget as _Base
else:
    _Base = object

_in_force: Palette = LIGHT


def palette_in_force() -> Palette:
    """Return the colours of the theme."""
    return _in_force


def put_in_force(palette: Palette) -> None:
    """Let all widgets use these colours; the theme calls it before it sets the style sheet, which tells them."""
    global _in_force
    _in_force = palette


class Dressed(_Base):
    """Mixed into a widget before its Qt class; the constructor ends with `put_on`."""

    _worn: Palette | None = None

    def dress(self) -> None:
        """Make in the colours that are in force what was made in others."""
        raise NotImplementedError

    def put_on(self) -> None:
        """Begin to wear the colours in force."""
        self._worn = palette_in_force()
        self.dress()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._worn not in (None, palette_in_force()):
            self.put_on()
