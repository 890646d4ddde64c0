"""How sharp a picture is, told by its own edges: no kernel has to be known."""

from __future__ import annotations

import numpy as np

from engine.kernels.estimation import gradients

STRONG = 0.98  # quantile of the gradients that stands for an edge
FLAT = 1e-6  # a px: there are no edges
SHARP = 1.38  # fineness from which on a picture is sharp
SHARPER, BY = 1.18, 0.05
"""The fineness that is enough for a picture that became finer by so much. Right kernels give it to all but a
twentieth of the pictures, which are calmer than the truth; a network gives it to a twentieth of those that it leaves
blurred (lessons of `training.kernel_judge`, looked at by hand)."""


def fineness(plane: np.ndarray) -> float:
    """Return how much of an H x W plane's edges is finer than 2 px: 1 of a blurred picture, about 2 of a sharp one.

    The gradients of the strongest edges, over those of the picture at half its size: a ramp has twice the gradient
    there, a step the same. Noise of 0.03 is as fine as edges: what is told of such a picture may be wrong.
    """
    height, width = (side // 2 for side in plane.shape)
    halved = plane[: 2 * height, : 2 * width].reshape(height, 2, width, 2).mean(axis=(1, 3))
    fine, coarse = (float(np.quantile(np.hypot(*gradients(each)), STRONG)) for each in (plane, halved))
    return 2 * fine / coarse if coarse > FLAT else 1.0


def is_sharp(plane: np.ndarray) -> bool:
    """Return whether an H x W plane in [0, 1] is sharp by its edges."""
    return fineness(plane) >= SHARP


def became_sharp(before: np.ndarray, after: np.ndarray) -> bool:
    """Return whether a restored H x W plane is sharp by its edges, which are finer than before."""
    now = fineness(after)
    return now >= SHARP or (now >= SHARPER and now >= fineness(before) + BY)
