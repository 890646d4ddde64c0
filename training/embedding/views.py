"""Views of prepared faces: rotated, shifted, in other light, or combined from two faces.

A few thousand people are few. But the teacher has an answer for anyone with the eyes of one and the mouth of another.
A view is a row of numbers: the file stays small, and the picture is made when it is needed.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.embedding.faces import SIDE

COLUMNS = (
    *("first", "second", "share", "mirrored", "angle", "scale", "right", "down"),
    # Later columns have no effect at 0, so that files without them can still be read.
    *("seam", "slope", "reflected", "stretch", "contrast", "brightness", "paleness"),
)
"""Two faces by index, the first's share in the middle, 0 or 1, radians, a factor, and the shift in px.

seam, slope: radians of the direction in which the first's share grows, and by how much a half crop.
reflected: 1 where the second face is mirrored before. stretch: the logarithm of width over height.
contrast: the logarithm of the factor about mid-grey. brightness: added. paleness: 0 colours, 1 grey.
"""

BLENDED, JOINED = 0.25, 0.4  # shares of the views: two faces blended everywhere; one face here and another there
ANGLE = np.radians(8)
SCALE = 0.08
SHIFT = 4.0
SLOPE = (3.0, 12.0)
STRETCH = 0.06
CONTRAST = 0.3
BRIGHTNESS = 0.1
PALE = 0.2  # share of the views that lose some of their colours


def plain_views(faces: int) -> np.ndarray:
    """Return one view of each face as it is, faces x 15 float32."""
    views = np.zeros((faces, len(COLUMNS)), np.float32)
    views[:, 0] = views[:, 1] = np.arange(faces)
    views[:, 2] = views[:, 5] = 1
    return views


def draw_views(faces: int, each: int, rng: np.random.Generator) -> np.ndarray:
    """Return `each` views of each face, the first of them plain, (faces each) x 15 float32."""
    drawn = [_drawn(faces, rng) for _ in range(each - 1)]
    return np.concatenate([plain_views(faces), *drawn])


def _drawn(faces: int, rng: np.random.Generator) -> np.ndarray:
    """Return one view of each face, alone or combined with another."""
    views = plain_views(faces)
    column = {name: views[:, i] for i, name in enumerate(COLUMNS)}
    kind = rng.random(faces)
    blended, joined = kind < BLENDED, (kind >= BLENDED) & (kind < BLENDED + JOINED)
    others = rng.integers(faces, size=faces)
    column["second"][blended | joined] = others[blended | joined]
    column["share"][blended] = rng.uniform(0.5, 1, int(blended.sum()))
    count = int(joined.sum())
    slope = rng.uniform(*SLOPE, count)
    column["share"][joined] = 0.5 + slope * rng.uniform(-0.3, 0.3, count)  # the seam is up to 0.3 off the middle
    column["slope"][joined], column["seam"][joined] = slope, rng.uniform(0, 2 * np.pi, count)
    column["reflected"][:] = (blended | joined) & (rng.random(faces) < 0.5)
    column["mirrored"][:] = rng.random(faces) < 0.5
    column["angle"][:] = rng.uniform(-ANGLE, ANGLE, faces)
    column["scale"][:] = np.exp(rng.uniform(-SCALE, SCALE, faces))
    column["stretch"][:] = rng.uniform(-STRETCH, STRETCH, faces)
    column["right"][:], column["down"][:] = rng.uniform(-SHIFT, SHIFT, (faces, 2)).T
    column["contrast"][:] = rng.uniform(-CONTRAST, CONTRAST, faces)
    column["brightness"][:] = rng.uniform(-BRIGHTNESS, BRIGHTNESS, faces)
    column["paleness"][:] = rng.random(faces) * (rng.random(faces) < PALE)
    return views


def render(crops: Tensor, views: Tensor, side: int) -> Tensor:
    """Return the middle of N views, N x 3 x side x side in [0, 1]; crops: F x 3 x 144 x 144 uint8.

    Cubic interpolation; beyond a crop lies its reflection. crops and views share a device.
    """
    column = dict(zip(COLUMNS, F.pad(views, (0, len(COLUMNS) - views.shape[1])).T, strict=True))
    grid = F.affine_grid(_placed(column, side), [len(views), 3, side, side], align_corners=False)
    pictures = _put_together(crops, column)
    seen = F.grid_sample(pictures, grid, mode="bicubic", padding_mode="reflection", align_corners=False)
    return _lit(seen, column).clamp(0, 1)


def _put_together(crops: Tensor, column: dict[str, Tensor]) -> Tensor:
    """Return each view's two faces blended into one picture, N x 3 x 144 x 144."""
    first, second = (crops[column[name].long()].float() / 255 for name in ("first", "second"))
    second = torch.where(_each(column["reflected"]) > 0, second.flip(-1), second)
    line = torch.linspace(-1, 1, SIDE, device=crops.device)
    seam = _each(column["seam"])
    along = torch.cos(seam) * line + torch.sin(seam) * line[:, None]
    share = (_each(column["share"]) + _each(column["slope"]) * along).clamp(0, 1)
    return share * first + (1 - share) * second


def _placed(column: dict[str, Tensor], side: int) -> Tensor:
    """Return N x 2 x 3: the position in the crop of each place of the view, as affine_grid expects it."""
    cos, sin = (f(column["angle"]) / column["scale"] for f in (torch.cos, torch.sin))
    across, down = (torch.exp(sign * column["stretch"] / 2) for sign in (-1, 1))
    mirror = 1 - 2 * column["mirrored"]
    # grid_sample counts from -1 to 1 over the crop; the view shows its middle at 1 : 1
    part, px = side / SIDE, 2 / SIDE
    rows = (
        torch.stack([part * mirror * across * cos, -part * mirror * down * sin, -px * column["right"]], dim=1),
        torch.stack([part * across * sin, part * down * cos, -px * column["down"]], dim=1),
    )
    return torch.stack(rows, dim=1)


def _lit(pictures: Tensor, column: dict[str, Tensor]) -> Tensor:
    """Return N x 3 x H x W pictures in each view's light."""
    grey = pictures.mean(dim=1, keepdim=True)
    pictures = pictures + _each(column["paleness"]) * (grey - pictures)
    return 0.5 + torch.exp(_each(column["contrast"])) * (pictures - 0.5) + _each(column["brightness"])


def _each(values: Tensor) -> Tensor:
    """Return N values as N x 1 x 1 x 1, one for each picture."""
    return values[:, None, None, None]
