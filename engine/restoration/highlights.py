"""Protects highlights that the sensor clipped: they stay white, without dark rings around them.

A clipped pixel says only "at least white". A network that treats it as the true light explains the sharp edge by
undershooting beside it, as every deconvolution does (Whyte, Sivic, Zisserman 2014, section 3). So near clipped pixels
the result is not darker than the darkest pixel of the photo nearby, and clipped pixels keep their value.
"""

from __future__ import annotations

import cv2
import numpy as np

_CLIPPED = 0.995  # encoded; white varies slightly in a JPEG
_REACH = 24  # px from a clipped pixel: beyond this, networks make no rings
_ROUND = 8  # px: radius of the search for the darkest pixel, larger than the slope of a blurred edge
_BELOW = 0.01  # noise: the minimum of many pixels is darker than their mean
_ROWS = 512


def with_lights_kept(photo: np.ndarray, restored: np.ndarray) -> np.ndarray:
    """Return `restored`, H x W x C float32 as `photo`, changed in place near clipped highlights of `photo`."""
    height = photo.shape[0]
    margin = _REACH + _ROUND
    for top in range(0, height, _ROWS):
        bottom = min(top + _ROWS, height)
        start, end = max(0, top - margin), min(height, bottom + margin)
        about = photo[start:end]
        clipped = (about.max(axis=2) >= _CLIPPED).view(np.uint8)
        if clipped.any():
            inner = slice(top - start, bottom - start)
            held = _held(about, clipped)[inner]
            weight = _nearness(clipped)[inner, :, np.newaxis]
            rows = restored[top:bottom]
            rows += weight * np.maximum(held - rows, 0)
    return restored


def _held(photo: np.ndarray, clipped: np.ndarray) -> np.ndarray:
    """Return the lower limit of the result: the darkest pixel nearby; at clipped pixels, the photo itself."""
    quiet = cv2.GaussianBlur(photo, (3, 3), 0).reshape(photo.shape)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _ROUND + 1, 2 * _ROUND + 1))
    darkest = cv2.erode(quiet, disc).reshape(photo.shape) - np.float32(_BELOW)
    return np.where(clipped[..., np.newaxis].astype(bool), np.maximum(photo, darkest), darkest)


def _nearness(clipped: np.ndarray) -> np.ndarray:
    """Return 1 at and near clipped pixels, falling to 0 at `_REACH`."""
    distance = cv2.distanceTransform(1 - clipped, cv2.DIST_L2, 3)
    return np.clip(2 * (1 - distance / np.float32(_REACH)), 0, 1)
