"""Windows that fade features to zero at the borders of the picture, where circular convolution is wrong."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

Window = Literal["bartlett-hann", "border", "none"]


def bartlett_hann(length: int, like: Tensor) -> Tensor:
    """Return the Bartlett-Hann window: `length` numbers from 0 over 1 to 0, with the type and device of `like`."""
    if length == 1:
        return torch.ones(1, dtype=like.dtype, device=like.device)
    x = torch.linspace(-0.5, 0.5, length, dtype=like.dtype, device=like.device)
    return (0.62 - 0.48 * x.abs() + 0.38 * torch.cos(2 * torch.pi * x)).clamp(min=0)


def windowed(features: Tensor, window: Window, border: int) -> Tensor:
    """Weight N x C x H x W by a window along both sides (section 3.1.2).

    "bartlett-hann" spans the picture; "border" fades only within `border` px of its ends; "none" changes nothing.
    """
    match window:
        case "bartlett-hann":
            rows, columns = (bartlett_hann(side, features) for side in features.shape[-2:])
        case "border":
            rows, columns = (_border(side, border, features) for side in features.shape[-2:])
        case "none":
            return features
        case _:
            raise ValueError(f"window must be bartlett-hann, border or none, not {window!r}")
    return features * rows[:, None] * columns


def _border(length: int, border: int, like: Tensor) -> Tensor:
    border = min(border, length // 2)
    falling = bartlett_hann(2 * border + 1, like)[border + 1 :]
    ones = torch.ones(length - 2 * border, dtype=like.dtype, device=like.device)
    return torch.cat([falling.flip(0), ones, falling])
