"""The photo that is saved: the same for the window, the command line and batches."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from engine.faces.face import Box
from engine.photos.cutouts import filled, with_hidden_colours
from engine.photos.history import Step, noted
from engine.photos.photo import Photo
from engine.photos.samples import strips
from engine.request import Request
from engine.restoration.strength import blend
from engine.result import Result


def finished(
    photo: Photo, result: Result, choices: Request | None = None, faces: Sequence[tuple[Box, float]] = ()
) -> Photo:
    """Return the photo restored as strongly as `choices` (None: the result's request) say, noted in its history.

    faces: boxes with a strength of their own.

    What a float photo has outside [0, 1] is carried along in `beyond` and comes back on top of the result, so that
    lights keep their brightness: original + strength (restored - clipped original).

    Where nothing has changed it is the photo itself: nothing was done that its history could tell of, and
    `write_photo` need not code it anew.
    """
    choices = choices or result.request
    pixels = blend(
        filled(photo).pixels, result.pixels, choices.strength, choices.high_frequencies_only, faces, choices.grain
    )
    pixels = with_hidden_colours(photo, pixels)
    height, width = pixels.shape[:2]
    if all(np.array_equal(pixels[rows], photo.pixels[rows]) for rows in strips(height, 3 * width)):
        return photo
    metadata = noted(photo.metadata, _step(result, choices), photo.path.name if photo.path else "")
    return dataclasses.replace(photo, pixels=pixels, metadata=metadata)


def _step(result: Result, choices: Request) -> Step:
    width, height = result.kernel.values.shape[::-1] if result.kernel else (0, 0)
    kernel = (width, height) if result.kernel else None
    return Step(result.method, choices.strength, kernel, choices.high_frequencies_only)
