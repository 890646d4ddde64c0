"""Lays one picture on another: blind deconvolution knows no position, so that what it restores is moved a little."""

from __future__ import annotations

import cv2
import numpy as np

SMOOTHINGS = 4.0, 2.0, 1.0, 0.5  # px, coarse to fine: how far a shift can be seen from
STEPS = 3  # at each of them
BORDER = 8  # px that are left out
LARGEST = 8.0  # px: pictures that seem farther apart are not alike at all


def shift(plane: np.ndarray, onto: np.ndarray) -> np.ndarray:
    """Return the shift (x, y) in px by which an H x W plane lies best on another one (Lucas and Kanade 1981)."""
    total: np.ndarray = np.zeros(2)
    inside = np.s_[BORDER:-BORDER, BORDER:-BORDER]
    for smoothing in SMOOTHINGS:
        one, other = (cv2.GaussianBlur(each, (0, 0), smoothing) for each in (plane, onto))
        for _ in range(STEPS):
            laid = moved(one, total)
            error = (laid - other)[inside].ravel()
            slopes = np.stack([slope[inside].ravel() for slope in reversed(np.gradient(laid))])
            total = total + np.clip(np.linalg.lstsq(slopes.T, error, rcond=None)[0], -2, 2)
    return total


def moved(pixels: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Return H x W (x C) pixels moved by (x, y) px; what comes in from outside is mirrored."""
    matrix = np.array([[1, 0, by[0]], [0, 1, by[1]]], np.float32)
    size = pixels.shape[1], pixels.shape[0]
    return np.asarray(cv2.warpAffine(pixels, matrix, size, flags=cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REFLECT))


def apart(plane: np.ndarray, other: np.ndarray) -> float:
    """Return the mean squared difference of two H x W planes, without their borders."""
    return float(np.square((plane - other)[BORDER:-BORDER, BORDER:-BORDER]).mean())
