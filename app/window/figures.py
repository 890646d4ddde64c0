"""Numbers as the language of the window writes them."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from app.language import tr


def decimal(number: float, digits: int = 2) -> str:
    """Return a number with so many digits after the point, or comma."""
    return QLocale().toString(number, "f", digits)


def whole(number: int) -> str:
    """Return a whole number with its thousands apart."""
    return QLocale().toString(number)


def percent(share: float) -> str:
    """Return a share in [0, 1] in per cent."""
    return tr("{number}%").format(number=round(share * 100))
