"""Where in a photo its blur is read: the part with the most texture, of bounded size."""

from __future__ import annotations

import torch
from torch import Tensor

SIDE = 1024  # px
STEP = 32  # px between the windows that are compared


def texture_window(luma: Tensor, side: int = SIDE) -> Tensor:
    """Return the view of H x W, at most side x side px, that holds the most gradient energy."""
    height, width = min(luma.shape[0], side), min(luma.shape[1], side)
    energy = torch.zeros(luma.shape, dtype=torch.float64)
    energy[1:] += luma.diff(dim=0).square()
    energy[:, 1:] += luma.diff(dim=1).square()
    sums = torch.nn.functional.pad(energy.cumsum(0).cumsum(1), (1, 0, 1, 0))
    rows, columns = _starts(luma.shape[0], height), _starts(luma.shape[1], width)

    def corner(dy: int, dx: int) -> Tensor:
        return sums[rows + dy][:, columns + dx]

    inside = corner(height, width) - corner(0, width) - corner(height, 0) + corner(0, 0)
    best = int(inside.argmax())
    top, left = int(rows[best // len(columns)]), int(columns[best % len(columns)])
    return luma[top : top + height, left : left + width]


def _starts(side: int, window: int) -> Tensor:
    """The first px of every window along a side, the last window flush with the end."""
    return torch.arange(0, side - window + STEP, STEP).clamp(max=side - window)
