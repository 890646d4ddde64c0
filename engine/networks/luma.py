"""Luma of tensors."""

from __future__ import annotations

from torch import Tensor

from engine.luma import RED_GREEN_BLUE


def luma_of(pictures: Tensor) -> Tensor:
    """Return the luma (Rec. 601) of N x 3 x H x W, or the mean of any other number of channels: N x 1 x H x W."""
    if pictures.shape[1] != 3:
        return pictures.mean(1, keepdim=True)
    red, green, blue = pictures.split(1, dim=1)
    return RED_GREEN_BLUE[0] * red + RED_GREEN_BLUE[1] * green + RED_GREEN_BLUE[2] * blue
