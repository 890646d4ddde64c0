"""The errors of photo files."""

from __future__ import annotations

from pathlib import Path

from engine.errors import Sentence, TranslatableError, UserError, reason_of


class PhotoError(UserError):
    """A photo cannot be read or written. One sentence with the file's path and the reason."""


class EncodingError(TranslatableError):
    """The reason why a photo does not fit a format, without the file's name; `write_photo` adds the name."""


def unreadable(path: Path, reason: str | TranslatableError | OSError) -> PhotoError:
    """Return the error for a file that cannot be read."""
    return PhotoError("Cannot read {path}: {reason}.", path=path, reason=_told(reason))


def unwritable(path: Path, reason: str | TranslatableError | OSError) -> PhotoError:
    """Return the error for a file that cannot be written."""
    return PhotoError("Cannot write {path}: {reason}.", path=path, reason=_told(reason))


def _told(reason: str | TranslatableError | OSError) -> str:
    if isinstance(reason, TranslatableError):
        return reason.sentence
    if isinstance(reason, OSError):
        return reason_of(reason)
    return reason if isinstance(reason, Sentence) else reason.rstrip(".")
