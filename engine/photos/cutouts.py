"""Cut-outs: the colours of pixels that alpha hides do not belong to the photo, and may have any value."""

from __future__ import annotations

import dataclasses
from weakref import WeakKeyDictionary

import numpy as np

from engine.photos.photo import Photo
from engine.photos.samples import strips

_HIDDEN = 1.5 / 255  # a pixel with less alpha is invisible
_filled: WeakKeyDictionary[Photo, Photo] = WeakKeyDictionary()


def filled(photo: Photo) -> Photo:
    """Return the photo for restoration: each hidden pixel has the colour of the nearest visible one, and no alpha.

    The result is deterministic. A photo without hidden pixels is returned unchanged.
    """
    if photo.alpha is None:
        return photo
    known = _filled.get(photo)
    if known is None:
        hidden = hidden_in(photo)
        if not hidden.any() or hidden.all():
            return photo
        known = dataclasses.replace(photo, pixels=_extended(photo.pixels, hidden), alpha=None)
        _filled[photo] = known
    return known


def with_hidden_colours(photo: Photo, pixels: np.ndarray) -> np.ndarray:
    """Return pixels made from a photo, with the photo's own colours restored where it is hidden."""
    if photo.alpha is None or not (hidden := hidden_in(photo)).any():
        return pixels
    return np.where(hidden[..., np.newaxis], photo.pixels, pixels)


def hidden_in(photo: Photo) -> np.ndarray:
    """Return H x W bool: true where alpha hides the pixel."""
    assert photo.alpha is not None
    return photo.alpha < _HIDDEN


def on_white(photo: Photo, pixels: np.ndarray, left: int = 0, top: int = 0) -> np.ndarray:
    """Return a part of the photo, from (left, top) on, as it is displayed: on white where it is transparent."""
    if photo.alpha is None:
        return pixels
    height, width = pixels.shape[:2]
    out = np.empty_like(pixels)
    alpha = photo.alpha[top : top + height, left : left + width, np.newaxis]
    for rows in strips(height, width * 3):
        out[rows] = pixels[rows] * alpha[rows] + (1 - alpha[rows])
    return out


def _extended(pixels: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Return pixels with the nearest visible colour in place of hidden ones."""
    import cv2  # imported late: the window starts without it

    _, labels = cv2.distanceTransformWithLabels(
        hidden.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    places = np.zeros(labels.max() + 1, np.int64)
    places[labels[~hidden]] = np.flatnonzero(~hidden)
    out = pixels.copy()
    out[hidden] = pixels.reshape(-1, 3)[places[labels[hidden]]]
    return out
