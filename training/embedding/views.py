"""Views of prepared faces: mirrored, turned, scaled, shifted, and mixed of two faces, as the teacher saw them.

A few thousand people are few; the teacher has an answer for every mixture of two of them as well.
A view is a row of numbers, so that the file stays small and the picture is made where it is needed.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.embedding.faces import SIDE

COLUMNS = ("first", "second", "share", "mirrored", "angle", "scale", "right", "down")
"""Two faces by index, the first's share, 0 or 1, radians, a factor, and the shift in px."""

MIXED = 0.5
ANGLE = np.radians(8)
SCALE = 0.08
SHIFT = 4.0


def plain_views(faces: int) -> np.ndarray:
    """Return one view of each face as it is, faces x 8 float32."""
    views = np.zeros((faces, len(COLUMNS)), np.float32)
    views[:, 0] = views[:, 1] = np.arange(faces)
    views[:, 2] = views[:, 5] = 1
    return views


def draw_views(faces: int, each: int, rng: np.random.Generator) -> np.ndarray:
    """Return `each` views of each face, the first of them plain, (faces each) x 8 float32."""
    views = [plain_views(faces)]
    for _ in range(each - 1):
        drawn = plain_views(faces)
        mixed = rng.random(faces) < MIXED
        drawn[mixed, 1] = rng.integers(faces, size=int(mixed.sum()))
        drawn[mixed, 2] = rng.uniform(0.5, 1, int(mixed.sum()))
        drawn[:, 3] = rng.random(faces) < 0.5
        drawn[:, 4] = rng.uniform(-ANGLE, ANGLE, faces)
        drawn[:, 5] = np.exp(rng.uniform(-SCALE, SCALE, faces))
        drawn[:, 6:] = rng.uniform(-SHIFT, SHIFT, (faces, 2))
        views.append(drawn)
    return np.concatenate(views)


def render(crops: Tensor, views: Tensor, side: int) -> Tensor:
    """Return the middle of N views, N x 3 x side x side in [0, 1]; crops: F x 3 x 144 x 144 uint8.

    Cubic interpolation; beyond a crop lies its reflection. crops and views share a device.
    """
    share = views[:, 2, None, None, None]
    first, second = (crops[views[:, column].long()].float() / 255 for column in (0, 1))
    pictures = share * first + (1 - share) * second
    cos, sin = (f(views[:, 4]) / views[:, 5] for f in (torch.cos, torch.sin))
    mirror = 1 - 2 * views[:, 3]
    # grid_sample counts from -1 to 1 over the crop, and the view shows its middle at 1 : 1.
    part, px = side / SIDE, 2 / SIDE
    rows = (
        torch.stack([part * mirror * cos, -part * mirror * sin, -px * views[:, 6]], dim=1),
        torch.stack([part * sin, part * cos, -px * views[:, 7]], dim=1),
    )
    grid = F.affine_grid(torch.stack(rows, dim=1), [len(views), 3, side, side], align_corners=False)
    return F.grid_sample(pictures, grid, mode="bicubic", padding_mode="reflection", align_corners=False).clamp(0, 1)
