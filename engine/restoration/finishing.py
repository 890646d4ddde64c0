"""The photo that is saved: the same for the window, the command line and batches."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from engine.faces.face import Box
from engine.masks.files import load_mask
from engine.masks.mask import Mask
from engine.photos.cutouts import filled, with_hidden_colours
from engine.photos.history import noted
from engine.photos.photo import Photo
from engine.photos.samples import strips
from engine.request import Request
from engine.restoration.strength import blend
from engine.result import Result


def finished(
    photo: Photo,
    result: Result,
    choices: Request | None = None,
    faces: Sequence[tuple[Box, float]] = (),
    mask: Mask | None = None,
) -> Photo:
    """Return the photo restored as strongly as `choices` (None: the result's request) say, noted in its history.

    faces: boxes with a strength of their own. mask: strength for every pixel; None for what the request's file says.

    What a float photo has outside [0, 1] is carried along in `beyond` and comes back on top of the result, so that
    lights keep their brightness: original + strength (restored - clipped original).

    Where nothing has changed it is the photo itself: nothing was done that its history could tell of, and
    `write_photo` need not code it anew. Raise UserError for a file that cannot be this photo's mask.
    """
    choices = choices or result.request
    if mask is None and choices.mask is not None:
        mask = load_mask(choices.mask, photo.size)
    pixels = blend(filled(photo).pixels, result.pixels, choices.strength, choices.high_frequencies_only, faces, mask)
    pixels = with_hidden_colours(photo, pixels)
    height, width = pixels.shape[:2]
    if all(np.array_equal(pixels[rows], photo.pixels[rows]) for rows in strips(height, 3 * width)):
        return photo
    return dataclasses.replace(photo, pixels=pixels, metadata=noted(photo.metadata, result.method, choices.strength))
