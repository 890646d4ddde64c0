"""The photo that is saved: the same for the window, the command line and batches."""

from __future__ import annotations

import dataclasses

from engine.photos.history import noted
from engine.photos.photo import Photo
from engine.restoration.strength import blend
from engine.result import Result


def finished(photo: Photo, result: Result, strength: float | None = None) -> Photo:
    """Return the photo restored at `strength` (None: the request's), with a note in its history.

    What a float photo has outside [0, 1] is carried along in `beyond` and comes back on top of the result, so that
    lights keep their brightness: original + strength (restored - clipped original).
    """
    strength = result.request.strength if strength is None else strength
    pixels = blend(photo.pixels, result.pixels, strength)
    return dataclasses.replace(photo, pixels=pixels, metadata=noted(photo.metadata, result.method, strength))
