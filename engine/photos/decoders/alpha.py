"""Divides colours by the alpha that was multiplied into them (associated, premultiplied alpha)."""

from __future__ import annotations

import numpy as np

from engine.photos.samples import clip_unit, strips, to_float


def divided(colours: np.ndarray, alpha: np.ndarray, white: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Return colours divided by their alpha, as float32; 0 where alpha is 0."""
    out = np.empty(colours.shape, np.float32)
    shown = to_float(alpha, white, 1)
    for rows in strips(colours.shape[0], colours.shape[1] * colours.shape[2]):
        plain = colours[rows].astype(np.float64) / white
        np.divide(plain, shown[rows], out=plain, where=shown[rows] > 0)
        out[rows] = np.where(shown[rows] > 0, plain, 0)
    if colours.dtype.kind == "u":
        clip_unit(out)
    return out, shown, 1
