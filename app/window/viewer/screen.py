"""Converts pictures to the colours of the screen: by an ICC profile of the user or the system, otherwise to sRGB."""

from __future__ import annotations

import logging
from functools import lru_cache, partial
from pathlib import Path

from app.window.viewer.pyramid import To8
from app.window.viewer.system_profile import system_profile
from engine.photos.photo import Photo

_log = logging.getLogger(__name__)
_path = ""


def use_profile(path: str) -> None:
    """Use the ICC profile in a file from now on, "" for the system's."""
    global _path
    _path = path


def for_screen(photo: Photo) -> To8:
    """Return the conversion of a photo's pixels for the screen. Call it on the thread that converts."""
    from engine.photos.colour import to_screen8

    return partial(to_screen8, photo, screen=_profile(_path))


@lru_cache(maxsize=1)
def _profile(path: str) -> bytes | None:
    if not path:
        return system_profile()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        _log.info("no screen profile at %s: %s", path, error)
        return None
