"""Undoes a known kernel in a photo of any size, within the memory that there is."""

from __future__ import annotations

import math

import numpy as np

from engine.devices import memory_budget
from engine.kernels.deconvolution import OVERLAP, TILE, deconvolve
from engine.kernels.files import load_kernel
from engine.kernels.kernel import Kernel
from engine.request import Request
from engine.restoration.memory import LEAST_TILE
from engine.restoration.restored import Restore, Restored
from engine.restoration.watch import PixelBox, Watch

BYTES_PER_PIXEL = 400  # of a tile at the solver's peak, measured


def deconvolver(request: Request) -> Restore:
    """Return a function that restores H x W x 3 float32 pixels with the request's kernel file."""
    assert request.kernel is not None
    return undoing(load_kernel(request.kernel), request)


def undoing(kernel: Kernel, request: Request, smoothness: float = 1.0, level: float | None = None) -> Restore:
    """Return a function that restores H x W x 3 float32 pixels by a kernel; smoothness as for `deconvolve`.

    level: the noise to count with, None to measure it in all pixels at once.
    """
    import torch

    def restore(pixels: np.ndarray, watch: Watch) -> Restored:
        budget = memory_budget(torch.device("cpu"), request.memory)
        cell = cell_within(pixels.shape[:2], max(kernel.values.shape), budget, request.tile)

        def each(done: float, box: PixelBox, tile: np.ndarray) -> None:
            watch.tile(box, tile)
            watch.report(done, "restore")

        watch.report(0.0, "restore")
        with watch.timed("restore"):
            out = deconvolve(pixels, kernel, level, smoothness=smoothness, cell=cell, each=each)
        watch.report(1.0, "restore")
        return Restored(out, kernel.values, "cpu")

    return restore


def cell_within(size: tuple[int, int], side: int, budget: int, tile: int | None = None) -> int:
    """Return the largest side of a cell for which a tile, with what it shares, takes no more than `budget` bytes.

    side: of the kernel. tile: the largest side of a tile in px, None for as much as the budget allows.
    """
    largest = tile or math.isqrt(budget // BYTES_PER_PIXEL)
    if max(size) <= largest:
        return TILE
    return min(TILE, max(LEAST_TILE, largest - OVERLAP * side))
