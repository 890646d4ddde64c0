"""The reblur residual as a layer over the result: black where it explains the photo, amber where it does not."""

from __future__ import annotations

import numpy as np

from app.window.viewer.pyramid import Pyramid
from engine.photos.photo import Photo
from engine.result import Result

_AMBER = np.array((230, 130, 0), np.float32)
_NOISE, _CLEARLY = 1.3, 4.0


def trust_map(photo: Photo, result: Result) -> Pyramid:
    """Measure the residual of every pixel and colour it; takes seconds for a large photo.

    The result is blurred by its field where it has one, else by its relation to the photo.
    """
    from engine.kernels.blurring import blur
    from engine.kernels.field import blur_field
    from engine.kernels.residual import unexplained

    if result.field is not None:
        reblurred = blur_field(result.pixels, result.field)
    else:
        assert result.relation is not None
        reblurred = blur(result.pixels, result.relation)
    _, residual = unexplained(photo.pixels, reblurred, (0, 0))
    return Pyramid.build(residual[..., None], coloured)


def coloured(layers: np.ndarray) -> np.ndarray:
    """Return H x W x 3 uint8, the light to be added, of H x W x 1: residual in units of the noise."""
    share = np.clip((layers - _NOISE) / (_CLEARLY - _NOISE), 0, 1)
    return np.rint(_AMBER * share).astype(np.uint8)
