"""The user's folders, where the system has such things lie; none of them need exist."""

from __future__ import annotations

from pathlib import Path


def config_folder() -> Path:
    """Return where lies how the user wants the program to be: settings and presets."""
    return _folder("config")


def data_folder() -> Path:
    """Return where lies what the user made and would miss: weights, trainings, choices, pasted pictures."""
    return _folder("data")


def cache_folder() -> Path:
    """Return where lies what can be made again."""
    return _folder("cache")


def log_folder() -> Path:
    """Return where the log lies."""
    return _folder("log")


def _folder(kind: str) -> Path:
    import platformdirs  # here, so that a borrowed training machine can do without

    return Path(getattr(platformdirs, f"user_{kind}_dir")("acutance", appauthor=False))
