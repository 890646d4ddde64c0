"""Lights that the sensor clipped: they stay white, and no dark rings come round them.

A clipped pixel says only "at least white". A network that takes it for the light that fell there explains the sharp
edge by undershooting beside it, as every deconvolution does (Whyte, Sivic, Zisserman 2014, section 3). Near clipped
pixels the result is therefore held above what is darkest in the photo round about, and clipped pixels hold their own.
"""

from __future__ import annotations

import cv2
import numpy as np

_CLIPPED = 0.995  # encoded; a JPEG's white trembles a little
_REACH = 24  # px from a clipped pixel: the rings of networks are gone there
_ROUND = 8  # px; how far about a pixel the darkest is sought: over the slope of a blurred edge
_BELOW = 0.01  # noise: the darkest of many is darker than their mean
_ROWS = 512


def with_lights_kept(photo: np.ndarray, restored: np.ndarray) -> np.ndarray:
    """Return `restored`, H x W x C float32 as `photo`, changed in place where lights of `photo` are clipped."""
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
    """What the result must not fall below: the photo's darkest round about; at clipped pixels, the photo itself."""
    quiet = cv2.GaussianBlur(photo, (3, 3), 0).reshape(photo.shape)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _ROUND + 1, 2 * _ROUND + 1))
    darkest = cv2.erode(quiet, disc).reshape(photo.shape) - np.float32(_BELOW)
    return np.where(clipped[..., np.newaxis].astype(bool), np.maximum(photo, darkest), darkest)


def _nearness(clipped: np.ndarray) -> np.ndarray:
    """1 at and near clipped pixels, falling to 0 at `_REACH`."""
    distance = cv2.distanceTransform(1 - clipped, cv2.DIST_L2, 3)
    return np.clip(2 * (1 - distance / np.float32(_REACH)), 0, 1)
