"""Blending in strips: 32 channels as large as a tile need much memory, and strips fit the cache better."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

AT_ONCE = 500_000  # px: larger pictures are blended in strips, which takes a quarter of the memory
RADIUS = 4  # px: four 3x3 convolutions
STRIP = 80_000  # px: with PyTorch 1.6 times as fast as strips of 250,000 (1 MiB of L2 cache)
ROWS = 256  # on a GPU, which has no such cache and is fastest with large strips


def blend_in_strips(
    plane: Tensor, deblurred: Tensor, blend: Callable[[Tensor], Tensor], out: Tensor, skip: bool
) -> None:
    """Blend N x 1 x h x w `deblurred` into `out`, some rows at a time; skip: the `plane` is added.

    `blend` must use recorded statistics: then every strip is exact.
    """
    height, width = plane.shape[-2:]
    rows = max(RADIUS, STRIP // (len(plane) * width)) if plane.device.type == "cpu" else ROWS
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        above, below = max(top - RADIUS, 0), min(bottom + RADIUS, height)
        blended = blend(deblurred[..., above:below, :])[..., top - above : bottom - above, :]
        out[..., top:bottom, :] = plane[..., top:bottom, :] + blended if skip else blended
