"""The user's folders at the system's usual places; they need not exist."""

from __future__ import annotations

from pathlib import Path


def config_folder() -> Path:
    """Return the folder of settings and presets."""
    return _folder("config")


def data_folder() -> Path:
    """Return the folder of the user's own data: weights, trainings, choices, pasted pictures."""
    return _folder("data")


def cache_folder() -> Path:
    """Return the folder of data that can be made again."""
    return _folder("cache")


def log_folder() -> Path:
    """Return the folder of the log."""
    return _folder("log")


def _folder(kind: str) -> Path:
    import platformdirs  # imported here, because a borrowed training machine may lack it

    return Path(getattr(platformdirs, f"user_{kind}_dir")("acutance", appauthor=False))
