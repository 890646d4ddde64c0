"""Best quality: restores a picture mirrored and turned too, and takes the mean.

A network treats a mirrored or turned photo a little differently. The mean of all views averages a part of its errors
out (Timofte, Rothe and Van Gool 2016, "Seven ways to improve example-based single image super resolution").
docs/results.md says what that is worth. Every view is restored as any picture is, so that tiles, devices and the
recovery from errors stay as they are. It takes as many times as long as there are views.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod

import numpy as np

from engine.errors import Sentence
from engine.networks.method import Method
from engine.networks.network import DeblurringNetwork
from engine.networks.views import UPRIGHT, views
from engine.request import Request
from engine.restoration.restored import Restored
from engine.restoration.runner import restore
from engine.restoration.together import restore_together
from engine.restoration.watch import Watch

PICTURES = 2
"""The buffers of the photo's size that are needed beside photo and result: the photo turned, and its result."""
_ROWS = 256  # averaged at a time: a difference as large as the picture would be a third buffer


def restore_as_asked(
    network: DeblurringNetwork, method: Method, pixels: np.ndarray, request: Request, watch: Watch
) -> Restored:
    """Restore H x W x C pixels as `restore` does; in all views of the method if the request wants the best quality.

    Kernel, field and device are those of the upright picture, and its tiles are shown.
    """
    chosen = views(method.views)
    if not request.best_quality or len(chosen) == 1:
        return restore(network, method, pixels, request, watch)
    restored = restore(network, method, pixels, request, watch.part(0, 1 / len(chosen), whole=True))
    room = np.empty(prod(pixels.shape), np.float32)
    for done, view in enumerate(chosen[1:], start=1):
        turned = np.ascontiguousarray(view.of(pixels))
        part = watch.part(done / len(chosen), (done + 1) / len(chosen), tiles=False)
        part = replace(part, into=room.reshape(turned.shape))
        other = restore(network.for_view(view), method, turned, request, part)
        _average(restored.pixels, view.back(other.pixels), done)
    _note(len(chosen), watch)
    return restored


def restore_together_as_asked(
    network: DeblurringNetwork, method: Method, pictures: Sequence[np.ndarray], request: Request, watch: Watch
) -> list[Restored]:
    """Restore pictures as `restore_together` does, in all views of the method if the request wants that."""
    chosen = views(method.views if request.best_quality else 1)
    means: list[Restored] = []
    for done, view in enumerate(chosen):
        turned = pictures if view == UPRIGHT else [np.ascontiguousarray(view.of(each)) for each in pictures]
        part = watch.part(done / len(chosen), (done + 1) / len(chosen))
        restored = restore_together(network.for_view(view), method, turned, request, part)
        means = means or restored
        for mean, other in zip(means, restored if done else [], strict=bool(done)):
            _average(mean.pixels, view.back(other.pixels), done)
    if len(chosen) > 1:
        _note(len(chosen), watch)
    return means


def _note(count: int, watch: Watch) -> None:
    watch.note(Sentence("Best quality: the mean of {count} views of the photo.", count=count))


def _average(mean: np.ndarray, more: np.ndarray, count: int) -> None:
    """Change the mean of `count` pictures into the mean with one more, in place."""
    for top in range(0, len(mean), _ROWS):
        rows = mean[top : top + _ROWS]
        rows += (more[top : top + _ROWS] - rows) / np.float32(count + 1)
