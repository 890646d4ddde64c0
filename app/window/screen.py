"""Pictures in the colours of the screen: what its ICC profile says, which the user names, else sRGB.

Qt does not tell a screen's profile, so it is a setting.
"""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from app.window.viewer.pyramid import To8
from engine.photos.photo import Photo

_log = logging.getLogger(__name__)
_profile: bytes | None = None


def use_profile(path: str) -> None:
    """Show pictures from now on by the ICC profile in a file, "" for sRGB."""
    global _profile
    try:
        _profile = Path(path).read_bytes() if path else None
    except OSError as error:
        _log.info("no screen profile at %s: %s", path, error)
        _profile = None


def for_screen(photo: Photo) -> To8:
    """Return what makes pixels of a photo ready for the screen."""
    from engine.photos.colour import to_screen8

    return partial(to_screen8, photo, screen=_profile)
