"""The result of a method for one picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.areas.area import Areas
from engine.kernels.kernel_field import KernelField
from engine.restoration.watch import Watch


@dataclass(frozen=True, eq=False)
class Restored:
    """pixels: H x W x C float32 in [0, 1]. kernel: h x w, if the method yields one. device: where it ran.

    field: the kernels of cells of these pixels, if the method found that the blur varies. areas: those that the
    pixels were restored by, with their kernels. taken: where several
    restorations were fused, how much is taken of each (see `Result`).
    """

    pixels: np.ndarray
    kernel: np.ndarray | None
    device: str
    field: KernelField | None = None
    areas: Areas = ()
    taken: np.ndarray | None = None


Restore = Callable[[np.ndarray, Watch], Restored]
