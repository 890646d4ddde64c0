"""The window's work on the open photos: read, find faces, restore, save, remember choices."""

from app.window.session.session import Session

__all__ = ["Session"]
