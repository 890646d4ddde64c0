"""Layers over the result: the error of the check, and which restoration each place was taken from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from app.language import marked
from app.window.viewer.pyramid import Pyramid
from engine.photos.photo import Photo
from engine.result import Result

_AMBER, _BLUE = np.array((230, 130, 0), np.float32), np.array((0, 110, 230), np.float32)
_NOISE, _CLEARLY = 1.3, 4.0
_NETWORK, _DECONVOLVED = 1, 2  # places of what was taken: from here on deconvolutions
_CELL = 8  # px of the photo that one number of what was taken stands for


@dataclass(frozen=True, eq=False)
class ResultMap:
    """colours: light that is added to the result. legend: what they mean, marked for translation.

    of_sources: whether they tell what was taken from where, and not the error.
    """

    colours: Pyramid
    legend: str
    of_sources: bool = False


def trust_map(photo: Photo, result: Result) -> ResultMap:
    """Measure the error of every pixel and colour it; takes seconds for a large photo.

    The result is blurred by its kernel field if it has one, otherwise by the kernel that relates it to the photo.
    """
    from engine.kernels.blurring import blur
    from engine.kernels.field import blur_field
    from engine.kernels.noise import noise_level
    from engine.kernels.residual import reblurred_with_light, unexplained

    if result.field is not None:
        reblur = partial(blur_field, field=result.field)
    else:
        assert result.relation is not None
        reblur = partial(blur, kernel=result.relation)
    reblurred = reblurred_with_light(photo.pixels, result.pixels, reblur)
    _, residual = unexplained(photo.pixels, reblurred, (0, 0), noise_level(photo.pixels))
    legend = marked("After; amber: does not follow from the photo")
    return ResultMap(Pyramid.build(residual[..., None], coloured), legend)


def coloured(layers: np.ndarray) -> np.ndarray:
    """Turn the residual (H x W x 1, in units of the noise) into light to add (H x W x 3 uint8)."""
    share = np.clip((layers - _NOISE) / (_CLEARLY - _NOISE), 0, 1)
    return np.rint(_AMBER * share).astype(np.uint8)


def source_map(result: Result) -> ResultMap:
    """Colour every place by what more of it was taken from; several restorations were fused into the result."""
    assert result.taken is not None
    by_network, by_kernel = result.taken[..., _NETWORK], result.taken[..., _DECONVOLVED:].sum(axis=2)
    height, width = result.pixels.shape[:2]
    cells = np.stack([by_kernel, by_network], axis=2)
    layers = np.repeat(np.repeat(cells, _CELL, axis=0)[:height], _CELL, axis=1)[:, :width]
    legend = marked("After; blue: more by the blur that was found, amber: more by a network")
    return ResultMap(Pyramid.build(np.ascontiguousarray(layers), _by_source), legend, of_sources=True)


def _by_source(layers: np.ndarray) -> np.ndarray:
    """Turn shares of deconvolution and network (H x W x 2) into light to add (H x W x 3 uint8)."""
    more = layers[..., :1] - layers[..., 1:]
    return np.rint(more.clip(0) * _BLUE + (-more).clip(0) * _AMBER).astype(np.uint8)
