"""Decides, before restoration, where a photo shows its blur best, and whether it shows any."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

STRONG = 0.05  # gradient per px, the paper's threshold for useful edges (section 3.3)
CELL = 16  # px between the windows that are compared


def strongest_window(luma: Tensor, side: int) -> tuple[int, int]:
    """Return (top, left) of the `side` x `side` px window of H x W luma with the most strong gradients.

    A gradient at the threshold counts 0.5, a strong one 1, so that a soft photo has a best window too.
    """
    height, width = luma.shape
    if max(height, width) <= side or min(height, width) < 2:
        return 0, 0
    across, down = luma.diff(dim=1)[:-1].square(), luma.diff(dim=0)[:, :-1].square()
    steep = across + down
    cells = F.avg_pool2d((steep / (steep + STRONG**2))[None, None], CELL, ceil_mode=True)
    window = [min(side // CELL, cells.shape[-2]), min(side // CELL, cells.shape[-1])]
    strength = F.avg_pool2d(cells, window, stride=1)[0, 0]
    row, column = divmod(int(strength.argmax()), strength.shape[1])
    return min(row * CELL, max(height - side, 0)), min(column * CELL, max(width - side, 0))


def flat(luma: Tensor) -> bool:
    """Whether H x W luma shows no blur: it is one pixel wide, or has no strong gradient."""
    if min(luma.shape) < 2:
        return True
    return bool(max(luma.diff(dim=axis).abs().max() for axis in (0, 1)) < STRONG / 10)
