"""Restores several pictures of one size, such as aligned faces, in one pass of the network."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
import torch

from engine.devices import device_name, memory_budget
from engine.networks.method import Method
from engine.networks.network import DeblurringNetwork, Prepared
from engine.request import Request
from engine.restoration.highlights import with_lights_kept
from engine.restoration.restored import Restored
from engine.restoration.runner import NotFiniteError, autocast, first_setup, network_on, restore, tensor_of
from engine.restoration.watch import Watch

logger = logging.getLogger(__name__)

MOST = 16  # pictures in one pass: more are not faster


def restore_together(
    network: DeblurringNetwork, method: Method, pictures: Sequence[np.ndarray], request: Request, watch: Watch
) -> list[Restored]:
    """Restore H x W x C pictures as `restore` does, several in one pass if memory allows.

    Pictures that a network must prepare for or resize are restored one by one. So are all pictures if a pass fails:
    `restore` then handles the error.
    """
    if len(pictures) > 1 and _fit_together(network, method, pictures):
        try:
            return _passes(network, method, pictures, request, watch)
        except (RuntimeError, MemoryError, NotFiniteError) as error:
            logger.info("%s restores faces one by one: %s", method.id, error)
    parts = (watch.part(i / len(pictures), (i + 1) / len(pictures), tiles=False) for i in range(len(pictures)))
    return [restore(network, method, pixels, request, part) for pixels, part in zip(pictures, parts, strict=True)]


def _fit_together(network: DeblurringNetwork, method: Method, pictures: Sequence[np.ndarray]) -> bool:
    shapes = {pixels.shape for pixels in pictures}
    alike = type(network).prepare is DeblurringNetwork.prepare
    sides = next(iter(shapes))[:2]
    suited = method.scaling.fixed == sides or (
        method.scaling.fixed is None
        and min(sides) >= method.scaling.smallest
        and all(side % method.scaling.multiple == 0 for side in sides)
    )
    return len(shapes) == 1 and alike and suited


@torch.inference_mode()
def _passes(
    network: DeblurringNetwork, method: Method, pictures: Sequence[np.ndarray], request: Request, watch: Watch
) -> list[Restored]:
    setup = first_setup(network, method, pictures[0], request, watch)
    network = network_on(network, setup.device)
    each = pictures[0].shape[0] * pictures[0].shape[1] * method.scaling.bytes_per_pixel
    most = min(MOST, max(1, memory_budget(setup.device, request.memory) // each))
    done: list[Restored] = []
    for start in range(0, len(pictures), most):
        watch.report(start / len(pictures), "restore")
        tiles = torch.cat([tensor_of(pixels) for pixels in pictures[start : start + most]])
        with autocast(setup), watch.timed("restore"):
            restored = network.restore(tiles.to(setup.device), Prepared()).float()
            if not bool(torch.isfinite(restored).all()):
                raise NotFiniteError
            pixels = restored.clamp_(0, 1).permute(0, 2, 3, 1).cpu().numpy()
        for one, photo in zip(pixels, pictures[start : start + most], strict=True):
            kept = with_lights_kept(photo, np.ascontiguousarray(one))
            done.append(Restored(kept, None, device_name(setup.device)))
    return done
