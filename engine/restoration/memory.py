"""Cuts a photo into tiles that a network can process in the available memory."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.errors import UserError
from engine.networks.method import Scaling
from engine.photos.photo import Photo
from engine.restoration.tiling import Grid, spans

LEAST_TILE = 64  # px; below this, most of the work goes into the overlap
LEAST_BUDGET = 400_000_000  # bytes for a running network; measuring a large photo's statistics needs them


@dataclass(frozen=True)
class Cut:
    """The tiles of a photo. whole: it is processed as one picture and need not be prepared for tiles."""

    grid: Grid
    whole: bool


def cut(size: tuple[int, int], scaling: Scaling, budget: int, tile: int | None = None) -> Cut:
    """Cut a picture of (height, width) px so that no step takes more than `budget` bytes.

    tile: the largest side of a tile in px, None for as much as the budget allows. A picture stays whole if the
    network knows only its size, or if it fits.
    """
    height, width = size
    rules = (scaling.overlap, scaling.multiple, scaling.smallest)
    side = max(size) + scaling.multiple
    one = Grid(spans(height, side, *rules), spans(width, side, *rules))
    fits = one.rows.side * one.columns.side * scaling.bytes_per_pixel <= budget and (
        tile is None or max(size) <= tile
    )
    if fits or scaling.fixed is not None:
        return Cut(one, whole=True)
    side = tile or min(scaling.tile, max(LEAST_TILE, int(math.sqrt(budget / scaling.tile_bytes_per_pixel))))
    return Cut(Grid(spans(height, side, *rules), spans(width, side, *rules)), whole=False)


def beside(photo: Photo, budget: int | None, more: int = 0) -> int | None:
    """Return the part of a budget in bytes that is left for the network, beside the photo and its result.

    more: so many more buffers of the photo's size are needed.

    Return None if there is no budget; raise UserError if almost nothing is left.
    """
    if budget is None:
        return None
    pictures = (2 + more) * photo.pixels.nbytes
    left = budget - pictures
    if left >= LEAST_BUDGET:
        return left
    needed = math.ceil((pictures + LEAST_BUDGET) / 1e6)
    raise UserError(
        "To restore {width} x {height} px takes {needed} MB at least, and the memory budget is {budget} MB.",
        width=photo.size[0],
        height=photo.size[1],
        needed=needed,
        budget=round(budget / 1e6),
    )
