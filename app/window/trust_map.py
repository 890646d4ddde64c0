"""A layer over the result that shows the error of the check: black is no error, amber is a large one."""

from __future__ import annotations

import numpy as np

from app.window.viewer.pyramid import Pyramid
from engine.photos.photo import Photo
from engine.result import Result

_AMBER = np.array((230, 130, 0), np.float32)
_NOISE, _CLEARLY = 1.3, 4.0


def trust_map(photo: Photo, result: Result) -> Pyramid:
    """Measure the error of every pixel and colour it; takes seconds for a large photo.

    The result is blurred by its kernel field if it has one, otherwise by the kernel that relates it to the photo.
    """
    from engine.kernels.blurring import blur
    from engine.kernels.field import blur_field
    from engine.kernels.noise import noise_level
    from engine.kernels.residual import unexplained

    if result.field is not None:
        reblurred = blur_field(result.pixels, result.field)
    else:
        assert result.relation is not None
        reblurred = blur(result.pixels, result.relation)
    _, residual = unexplained(photo.pixels, reblurred, (0, 0), noise_level(photo.pixels))
    return Pyramid.build(residual[..., None], coloured)


def coloured(layers: np.ndarray) -> np.ndarray:
    """Turn the residual (H x W x 1, in units of the noise) into light to add (H x W x 3 uint8)."""
    share = np.clip((layers - _NOISE) / (_CLEARLY - _NOISE), 0, 1)
    return np.rint(_AMBER * share).astype(np.uint8)
