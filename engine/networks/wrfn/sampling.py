"""The part of a large photo that its statistics are taken from: tiles, evenly spread."""

from __future__ import annotations

import math

import torch
from torch import Tensor

TILE = 250  # px, a side
LEAST, MOST = 500_000, 1_000_000  # px; all go through the network together, at about 400 bytes each
SHARE = 0.06  # of a photo between: costs as much of the time, see tests/bench


def sample(picture: Tensor, stride: int) -> Tensor:
    """Return T x C x h x w tiles, spread evenly over C x H x W, that together have the share to be seen."""
    height, width = picture.shape[-2:]
    tile_height, tile_width = (min(TILE, side - side % stride) for side in (height, width))
    wanted = min(max(LEAST, SHARE * height * width), MOST) / (tile_height * tile_width)
    down = max(1, round(math.sqrt(wanted * height / width)))
    rows = _spread(height, tile_height, down)
    columns = _spread(width, tile_width, math.ceil(wanted / len(rows)))
    return torch.stack([picture[:, y : y + tile_height, x : x + tile_width] for y in rows for x in columns])


def _spread(side: int, tile: int, count: int) -> list[int]:
    """Return at most `count` even starting points of tiles along a side."""
    count = max(1, min(count, math.ceil(side / tile)))
    if count == 1:
        return [(side - tile) // 2]
    return [round(i * (side - tile) / (count - 1)) for i in range(count)]
