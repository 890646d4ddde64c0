"""Makes the final photo for saving; window, command line and batch share it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from engine.choices import Choices
from engine.faces.face import Box
from engine.masks.files import load_mask
from engine.masks.mask import Mask
from engine.photos.cutouts import filled, with_hidden_colours
from engine.photos.history import Step, noted
from engine.photos.photo import Photo
from engine.photos.samples import strips
from engine.restoration.strength import blend
from engine.result import Result


def finished(
    photo: Photo,
    result: Result,
    choices: Choices | None = None,
    faces: Sequence[tuple[Box, float]] = (),
    mask: Mask | None = None,
) -> Photo:
    """Return the photo restored at the strength of `choices` (None: of the request), with a note in its history.

    faces: boxes with a strength of their own. mask: strength for every pixel; None for what the request's file says.

    A float photo may have values outside [0, 1]. They are kept in `beyond` and added to the result, so that
    highlights keep their brightness: original + strength (restored - clipped original).

    If nothing changed, the result is the photo itself: its history gets no note, and `write_photo` can copy its file.
    Raise UserError for a file that cannot be this photo's mask.
    """
    choices = choices or result.request
    if mask is None and choices.mask is not None:
        mask = load_mask(choices.mask, photo.size)
    finish = choices.high_frequencies_only, faces, choices.grain, mask
    pixels = blend(filled(photo).pixels, result.pixels, choices.strength, *finish)
    pixels = with_hidden_colours(photo, pixels)
    height, width = pixels.shape[:2]
    if all(np.array_equal(pixels[rows], photo.pixels[rows]) for rows in strips(height, 3 * width)):
        return photo
    metadata = noted(photo.metadata, _step(result, choices), photo.path.name if photo.path else "")
    return dataclasses.replace(photo, pixels=pixels, metadata=metadata)


def _step(result: Result, choices: Choices) -> Step:
    width, height = result.kernel.values.shape[::-1] if result.kernel else (0, 0)
    kernel = (width, height) if result.kernel else None
    return Step(result.method, choices.strength, kernel, choices.high_frequencies_only)
