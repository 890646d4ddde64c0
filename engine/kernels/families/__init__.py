"""Families of synthetic blur kernels: random ones for training, ones with exact parameters for the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.errors import UserError
from engine.kernels.families.drawing import centred, draw_path_kernel, padded
from engine.kernels.families.paths import camera_trajectory, gaussian_process, random_spline
from engine.kernels.families.shapes import (
    defocus_kernel,
    draw_defocus,
    draw_gaussian,
    draw_linear,
    gaussian_kernel,
    linear_kernel,
)

__all__ = [
    "FAMILIES",
    "Family",
    "centred",
    "defocus_kernel",
    "draw_bank",
    "draw_kernel",
    "gaussian_kernel",
    "linear_kernel",
]

SMALLEST_SHARE = 0.4


@dataclass(frozen=True)
class Family:
    """draw: maps (extent in px, rng) to an odd square no larger than `extent`, float32, sum 1, mass in the centre."""

    id: str
    title: str
    draw: Callable[[int, np.random.Generator], np.ndarray]


FAMILIES: dict[str, Family] = {
    family.id: family
    for family in (
        Family(
            "gaussian-process",
            "Camera shake after Schuler et al. 2016",
            lambda extent, rng: draw_path_kernel(gaussian_process, extent, rng),
        ),
        Family(
            "spline",
            "Camera shake after Chakrabarti 2016",
            lambda extent, rng: draw_path_kernel(random_spline, extent, rng),
        ),
        Family(
            "trajectory",
            "Camera shake after Boracchi and Foi 2012",
            lambda extent, rng: draw_path_kernel(camera_trajectory, extent, rng),
        ),
        Family("linear", "Straight motion", draw_linear),
        Family("defocus", "Out of focus", draw_defocus),
        Family("gaussian", "Gaussian", draw_gaussian),
    )
}


def draw_kernel(family: str, size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw a size x size float32 kernel of sum 1, centred on its mass; its extent is 40 to 100 % of an odd `size`."""
    _check_size(size)
    extent = int(rng.integers(max(3, round(SMALLEST_SHARE * size)), size, endpoint=True)) if size > 3 else size
    return padded(_family(family).draw(extent, rng), size)


def draw_bank(
    count: int, size: int, rng: np.random.Generator, families: Mapping[str, float], smallest: int = 5
) -> np.ndarray:
    """Draw count x size x size float32 kernels, zero-padded.

    Families are drawn by weight, extents uniformly in smallest..size.
    """
    _check_size(size)
    if not 1 <= smallest <= size:
        raise ValueError(f"the smallest extent lies between 1 and the size, not at {smallest}")
    members = [_family(name) for name in families]
    weights = np.array(list(families.values()), dtype=np.float64)
    choices = rng.choice(len(members), count, p=weights / weights.sum())
    extents = rng.integers(smallest, size, count, endpoint=True)
    bank = np.zeros((count, size, size), dtype=np.float32)
    for kernel, choice, extent in zip(bank, choices, extents, strict=True):
        kernel[:] = padded(members[choice].draw(int(extent), rng), size)
    return bank


def _family(name: str) -> Family:
    if name not in FAMILIES:
        raise UserError(
            "There is no kernel family {name!r}; there are {families}.", name=name, families=", ".join(FAMILIES)
        )
    return FAMILIES[name]


def _check_size(size: int) -> None:
    if size < 1 or size % 2 == 0:
        raise ValueError(f"the size of a kernel is odd and positive, not {size}")
