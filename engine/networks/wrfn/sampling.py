"""Selects the sample of a large photo for its statistics: tiles for deblurring, small squares for blending.

The zeros beyond a tile's border enter its statistics. With tiles of 250 px, whose borders reach into their middle,
some channels had half or twice the deviation of the whole photo, and the result showed a mesh with the period of the
stride.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

TILE = 750  # px, a side
SEEN = 2_250_000  # px; all go through the deblurring part together, at 145 bytes each
SQUARE = 64  # px, side of the measured square; a margin surrounds it
SQUARES = 140  # squares; they go through blending together, at 400 bytes a px
MARGIN = 4  # px: how far four 3x3 convolutions reach


def sample(picture: Tensor, stride: int) -> Tensor:
    """Return T x C x h x w tiles, spread evenly over C x H x W; if that is small enough, one tile of all of it."""
    height, width = (side - side % stride for side in picture.shape[-2:])
    if height * width <= SEEN:
        return picture[None, :, :height, :width]
    tile = TILE - TILE % stride
    return _tiles(picture[None], min(tile, height), min(tile, width), SEEN)


def squares(planes: Tensor) -> Tensor:
    """Return S x 1 x h x w squares with margins, spread evenly over N x 1 x H x W."""
    height, width = (min(SQUARE + 2 * MARGIN, side) for side in planes.shape[-2:])
    return _tiles(planes, height, width, SQUARES * height * width / len(planes))


def _tiles(pictures: Tensor, tile_height: int, tile_width: int, seen: float) -> Tensor:
    """Cut tiles from N x C x H x W pictures, about `seen` px of each."""
    height, width = pictures.shape[-2:]
    wanted = max(seen / (tile_height * tile_width), 1)
    down = max(1, round(math.sqrt(wanted * height / width)))
    rows = _spread(height, tile_height, down)
    columns = _spread(width, tile_width, round(wanted / len(rows)))
    return torch.cat([pictures[..., y : y + tile_height, x : x + tile_width] for y in rows for x in columns])


def _spread(side: int, tile: int, count: int) -> list[int]:
    """Return at most `count` evenly spaced start positions of tiles along a side."""
    count = max(1, min(count, math.ceil(side / tile)))
    if count == 1:
        return [(side - tile) // 2]
    return [round(i * (side - tile) / (count - 1)) for i in range(count)]
