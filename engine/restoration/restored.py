"""What a method makes of a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.restoration.watch import Watch


@dataclass(frozen=True, eq=False)
class Restored:
    """pixels: H x W x C float32 in [0, 1]. kernel: h x w, if the method itself yields one. device: where it was."""

    pixels: np.ndarray
    kernel: np.ndarray | None
    device: str


Restore = Callable[[np.ndarray, Watch], Restored]
