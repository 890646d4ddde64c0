"""Chooses the windows for local kernels: those on an overlapping grid that show the blur."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch.nn.functional as F
from torch import Tensor

from engine.networks.learned_deconv.choosing import STRONG

SIDES = 8  # times the largest kernel: a window's side (256 px and more: section 6.5)
MOST = 5  # windows along a side; a camera rotation has only three unknowns at a time
TELLING = 1 / 3  # times the gradients of the strongest window: a weaker window is ignored


def telling_windows(luma: Tensor, largest: int) -> list[tuple[int, int, int]]:
    """Return (top, left, side) px of windows of H x W luma for kernels of up to `largest` px.

    They are evenly spaced. In a small picture they overlap by at least half; in a large one they do not touch.
    """
    side = SIDES * largest
    places = [(top, left) for top in _starts(luma.shape[0], side) for left in _starts(luma.shape[1], side)]
    strengths = np.array([_strength(luma[top : top + side, left : left + side]) for top, left in places])
    telling = strengths >= TELLING * strengths.max(initial=0)
    return [(*place, side) for place, tells in zip(places, telling, strict=True) if tells]


def _starts(length: int, side: int) -> Iterator[int]:
    """Yield the start positions of windows along a side, none if there is no room for three."""
    count = min(2 * length // side - 1, MOST)
    if count >= 3:
        yield from (round(i * (length - side) / (count - 1)) for i in range(count))


def _strength(luma: Tensor) -> float:
    """Return the share of strong gradients of H x W luma at half its size, where noise is weak."""
    half = F.avg_pool2d(luma[None, None], 2)[0, 0]
    steep = half.diff(dim=1)[:-1].square() + half.diff(dim=0)[:, :-1].square()
    return float((steep / (steep + STRONG**2)).mean())
