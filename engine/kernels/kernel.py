"""The blur kernel (point spread function): one type for all methods, files and pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Kernel:
    """values: h x w float32, both odd, not negative, sum 1; values[h // 2, w // 2] is the centre."""

    values: np.ndarray

    def __post_init__(self) -> None:
        values = np.asarray(self.values, dtype=np.float32)
        if values.ndim != 2 or values.shape[0] % 2 == 0 or values.shape[1] % 2 == 0:
            raise ValueError(f"a kernel has two odd sides, not {values.shape}")
        total = float(values.sum())
        if not np.isfinite(total) or total <= 0 or values.min() < 0:
            raise ValueError("a kernel is finite, not negative and not empty")
        object.__setattr__(self, "values", values / total)
