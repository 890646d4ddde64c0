"""What the window does with the photos that are open: read, search, restore, save, and remember."""

from app.window.session.session import Session

__all__ = ["Session"]
