"""The kernels used in papers: Levin's eight, trajectories of 13 to 27 px; or any file."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from engine.errors import UserError
from engine.kernels.families import FAMILIES, centred, linear_kernel
from engine.kernels.families.drawing import padded
from engine.kernels.files import load_kernel
from engine.kernels.kernel import Kernel

DATA_VARIABLE = "ACUTANCE_DATA"
TRAJECTORY_SIZES = range(13, 28, 2)  # Shen et al. 2020, section 5


def kernels(choice: str, seed: int = 0) -> list[Kernel]:
    """Return the kernels for a word or a path: levin, trajectories, linear, a file or a folder."""
    if choice == "levin":
        return _levin()
    if choice == "trajectories":
        rng = np.random.default_rng(seed)
        draw = FAMILIES["trajectory"].draw  # fills the whole size; draw_kernel fills 40 to 100 % of it
        return [Kernel(padded(draw(size, rng), size)) for size in TRAJECTORY_SIZES for _ in range(4)]
    if choice == "linear":  # Wang et al. 2017: 15 px at 45 degrees; nothing was trained on it
        return [Kernel(linear_kernel(15.0, 45.0))]
    path = Path(choice)
    files = sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]
    return [Kernel(centred(load_kernel(file).values)) for file in files]


def _levin() -> list[Kernel]:
    """Return the kernels of Levin et al. 2009, centred on their mass.

    They may not be redistributed, so they are searched.
    """
    data = Path(os.environ.get(DATA_VARIABLE, "../shared/data"))
    folder = data / "benchmarks" / "levin" / "gt"
    files = [folder / f"kernel{number}.png" for number in range(1, 9)]
    if not all(file.exists() for file in files):
        raise UserError(
            f"Levin's kernels are not in {folder}; set {DATA_VARIABLE} to the folder that holds benchmarks/levin."
        )
    return [Kernel(centred(load_kernel(file).values)) for file in files]
