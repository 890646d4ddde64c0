"""The reblur residual as a picture: the photo in dark grey, amber where the result does not explain it."""

from __future__ import annotations

import numpy as np

from app.window.viewer.pyramid import Pyramid
from engine.kernels.kernel import Kernel
from engine.photos.photo import Photo

_AMBER = np.array((255, 176, 46), np.float32)
_NOISE, _CLEARLY = 1.3, 4.0
_LUMA = np.array((0.2126, 0.7152, 0.0722), np.float32)


def trust_map(photo: Photo, restored: np.ndarray, kernel: Kernel) -> Pyramid:
    """Measure the residual of every pixel and colour it; takes seconds for a large photo."""
    from engine.kernels.estimation import reblur_residual
    from engine.photos.colour import to_srgb8

    _, residual = reblur_residual(photo.pixels, restored, kernel)
    grey = to_srgb8(photo) @ _LUMA
    return Pyramid.build(np.dstack([grey, residual]), coloured)


def coloured(layers: np.ndarray) -> np.ndarray:
    """Return H x W x 3 uint8 of H x W x 2: grey of the photo (0 to 255) and residual in units of the noise."""
    grey, residual = layers[..., :1], layers[..., 1:]
    share = np.clip((residual - _NOISE) / (_CLEARLY - _NOISE), 0, 1)
    return np.rint(grey * 0.4 * (1 - share) + _AMBER * share).astype(np.uint8)
