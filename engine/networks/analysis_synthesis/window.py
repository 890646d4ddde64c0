"""Chooses the part of a photo that shows its blur best: the part with the most texture, of bounded size."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

SIDE = 1024  # px
CELL = 32  # px, the step between the windows that are compared


def texture_window(luma: Tensor, side: int = SIDE) -> Tensor:
    """Return the view of H x W luma, at most side x side px, with the most gradient energy."""
    height, width = min(luma.shape[0], side), min(luma.shape[1], side)
    energy = torch.zeros_like(luma)
    energy[1:] += luma.diff(dim=0).square()
    energy[:, 1:] += luma.diff(dim=1).square()
    cells = F.avg_pool2d(energy[None], CELL, ceil_mode=True, divisor_override=1)
    window = max(height // CELL, 1), max(width // CELL, 1)
    sums = F.avg_pool2d(cells, window, stride=1, divisor_override=1)[0]
    row, column = divmod(int(sums.argmax()), sums.shape[1])
    top, left = min(row * CELL, luma.shape[0] - height), min(column * CELL, luma.shape[1] - width)
    return luma[top : top + height, left : left + width]
