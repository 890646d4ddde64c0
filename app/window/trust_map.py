"""The reblur residual as a picture: the photo in dark grey, amber where the result does not explain it."""

from __future__ import annotations

import numpy as np

from app.window.viewer.pyramid import Pyramid
from engine.photos.photo import Photo
from engine.result import Result

_AMBER = np.array((255, 176, 46), np.float32)
_NOISE, _CLEARLY = 1.3, 4.0
_LUMA = np.array((0.2126, 0.7152, 0.0722), np.float32)


def trust_map(photo: Photo, result: Result) -> Pyramid:
    """Measure the residual of every pixel and colour it; takes seconds for a large photo.

    The result is blurred by its field where it has one, else by its relation to the photo.
    """
    from engine.kernels.blurring import blur
    from engine.kernels.field import blur_field
    from engine.kernels.residual import unexplained
    from engine.photos.colour import to_srgb8

    if result.field is not None:
        reblurred = blur_field(result.pixels, result.field)
    else:
        assert result.relation is not None
        reblurred = blur(result.pixels, result.relation)
    _, residual = unexplained(photo.pixels, reblurred, (0, 0))
    grey = to_srgb8(photo) @ _LUMA
    return Pyramid.build(np.dstack([grey, residual]), coloured)


def coloured(layers: np.ndarray) -> np.ndarray:
    """Return H x W x 3 uint8 of H x W x 2: grey of the photo (0 to 255) and residual in units of the noise."""
    grey, residual = layers[..., :1], layers[..., 1:]
    share = np.clip((residual - _NOISE) / (_CLEARLY - _NOISE), 0, 1)
    return np.rint(grey * 0.4 * (1 - share) + _AMBER * share).astype(np.uint8)
