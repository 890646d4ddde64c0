"""The kernel of a box, by the edges in it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.areas.area import Area
from engine.errors import UserError
from engine.faces.face import Box
from engine.kernels.estimation import gradients, luma
from engine.kernels.kernel import Kernel
from engine.kernels.shaken import Network, shaken_kernels
from engine.kernels.sharpness import FLAT, SHARP, STRONG
from engine.kernels.trust import no_blur

LEAST = 96  # px a side that are looked at: a smaller box gets surroundings
WAYS = ((1.0, 0.0), (0.5**0.5, 0.5**0.5), (0.0, 1.0), (0.5**0.5, -(0.5**0.5)))
MARGIN = 2  # px inside the box: its edge may be that of what moved


def area_kernel(
    photo: np.ndarray,
    box: Box,
    network: Network | None = None,
    on_progress: Callable[[float], None] = lambda _: None,
) -> Kernel | None:
    """Return the kernel that most likely blurred a box of an H x W x 3 photo in [0, 1]; None without edges.

    Where the photo is sharp it is that of no blur. network, on_progress: as for `shaken_kernels`. Raise UserError for
    a box beside the photo.
    """
    rows, columns = seen(photo.shape[:2], box)
    part = np.ascontiguousarray(photo[rows, columns])
    if is_sharp_every_way(luma(part)):
        return no_blur()
    found = shaken_kernels(part, network, on_progress)
    return found[0].kernel if found else None


def is_sharp_every_way(plane: np.ndarray) -> bool:
    """Return whether an H x W plane is sharp by its edges in each of four directions.

    A movement leaves the edges along it sharp, which would be enough for `engine.kernels.sharpness.is_sharp`.
    """
    height, width = (side // 2 for side in plane.shape)
    halved = plane[: 2 * height, : 2 * width].reshape(height, 2, width, 2).mean(axis=(1, 3))
    both = gradients(plane), gradients(halved)
    for x, y in WAYS:
        fine, coarse = (float(np.quantile(np.abs(x * across + y * down), STRONG)) for across, down in both)
        if coarse <= FLAT or 2 * fine / coarse < SHARP:
            return False
    return True


def seen(shape: tuple[int, int], box: Box) -> tuple[slice, slice]:
    """Return the rows and columns of a height x width photo by which the kernel of a box is found.

    Raise UserError for a box beside the photo.
    """
    height, width = shape
    left, top, right, bottom = box
    if left >= width or top >= height or right <= 0 or bottom <= 0:
        name = ",".join(f"{side:g}" for side in box)
        raise UserError(
            "The area {box} lies beside the photo of {width} x {height} px.", box=name, width=width, height=height
        )
    return _span(top, bottom, height), _span(left, right, width)


def with_kernels(
    areas: tuple[Area, ...], find: Callable[[int, Box], Kernel | None]
) -> tuple[tuple[Area, ...], tuple[int, ...]]:
    """Return the areas, each that is on and has no kernel with the one that `find` tells, and those without edges.

    find: gets an area's index and box. An area is named by its index.
    """
    from dataclasses import replace

    made, without = list(areas), []
    for index, area in enumerate(areas):
        if not area.on or area.kernel is not None:
            continue
        kernel = find(index, area.box)
        if kernel is None:
            without.append(index)
        else:
            made[index] = replace(area, kernel=kernel)
    return tuple(made), tuple(without)


def _span(start: float, stop: float, length: int) -> slice:
    """Return whole px inside a span, at least `LEAST` where the photo has so many."""
    first, last = max(int(np.ceil(start)) + MARGIN, 0), min(int(np.floor(stop)) - MARGIN, length)
    missing = min(LEAST, length) - (last - first)
    if missing > 0:
        first = min(max(first - missing // 2, 0), length - min(LEAST, length))
        last = first + min(LEAST, length)
    return slice(first, last)
