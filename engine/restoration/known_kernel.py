"""Deconvolves a photo of any size, in tiles, with a known kernel."""

from __future__ import annotations

import numpy as np

from engine.devices import memory_budget
from engine.kernels.deconvolution import deconvolve, working_noise
from engine.kernels.files import load_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.night import is_night
from engine.networks.method import Scaling
from engine.request import Request
from engine.restoration.memory import cut
from engine.restoration.restored import Restore, Restored
from engine.restoration.tiling import restore_tiles
from engine.restoration.watch import PixelBox, Watch

REACH = 2  # kernel widths from a tile's edge beyond which the edge has no influence


def deconvolver(request: Request) -> Restore:
    """Return a function that restores H x W x 3 float32 pixels with the request's kernel file."""
    assert request.kernel is not None
    return undoing(load_kernel(request.kernel), request)


def undoing(kernel: Kernel, request: Request, smoothness: float = 1.0, level: float | None = None) -> Restore:
    """Return a function that restores H x W x 3 float32 pixels by a kernel; smoothness as for `deconvolve`.

    level: the noise to count with, None to measure it.
    """
    import torch

    scaling = Scaling(
        overlap=REACH * max(kernel.values.shape), tile=1500, bytes_per_pixel=400, tile_bytes_per_pixel=400
    )

    def restore(pixels: np.ndarray, watch: Watch) -> Restored:
        budget = memory_budget(torch.device("cpu"), request.memory)
        grid = cut(pixels.shape[:2], scaling, budget, request.tile).grid

        def each(done: int, box: PixelBox, tile: np.ndarray) -> None:
            watch.tile(box, tile)
            watch.report(done / grid.count, "restore")

        watch.report(0.0, "restore")
        with watch.timed("restore"):
            noise = working_noise(pixels) if level is None and is_night(pixels) else level

            def undone(tile: np.ndarray, _: PixelBox) -> np.ndarray:
                return deconvolve(tile, kernel, noise, smoothness=smoothness)

            out = restore_tiles(pixels, grid, undone, each, watch.into)
        return Restored(out, kernel.values, "cpu")

    return restore
