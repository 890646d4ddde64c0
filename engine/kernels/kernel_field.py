"""The kernels of a blur that varies over the photo. No scipy here, because the window reads fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

import numpy as np

from engine.kernels.kernel import Kernel
from engine.kernels.motion import CameraMotion, project
from engine.kernels.patches import Patch, patches

Corner = tuple[int, int]

CHANGE = 1.0  # px by which the blur may change over a cell
LEAST_CELL = 1.5  # kernel sides: smaller cells gain 0.2 dB but take two to three times as long (measured)


@dataclass(frozen=True, eq=False)
class KernelField:
    """kernels: row by row, one for each of counts[0] x counts[1] equal cells of a picture of shape[0] x shape[1] px.

    A kernel applies to its whole cell. Cells should be so small that the blur changes by less than 1 px over one.
    """

    kernels: tuple[Kernel, ...]
    counts: tuple[int, int]
    shape: tuple[int, int]

    def __post_init__(self) -> None:
        if len(self.kernels) != self.counts[0] * self.counts[1]:
            raise ValueError(f"{self.counts} cells need as many kernels, not {len(self.kernels)}")

    @classmethod
    def of(cls, motion: CameraMotion, counts: tuple[int, int] | None, shape: tuple[int, int]) -> KernelField:
        """Return the kernels of a camera motion at the cells' centres; counts: None for as many cells as it needs."""
        counts = counts or cells(motion, shape)
        centres = [patch.centre for patch in patches(shape, counts, 0)]
        return cls(tuple(motion.kernel_at(x, y) for x, y in centres), counts, shape)

    @property
    def positions(self) -> np.ndarray:
        """The (x, y) px of the cells' centres, R x 2, in the order of the kernels."""
        return np.array([patch.centre for patch in patches(self.shape, self.counts, 0)])

    @property
    def side(self) -> int:
        """The largest side of a kernel, px."""
        return max(max(kernel.values.shape) for kernel in self.kernels)

    def project(self) -> CameraMotion:
        """Return the in-plane camera motion that explains the kernels best."""
        return project(self.kernels, self.positions, self.shape)

    def patches(
        self, rim: int = 0, corner: Corner = (0, 0), shape: tuple[int, int] | None = None
    ) -> Iterator[tuple[Patch, Kernel]]:
        """Yield each cell's patch and kernel; the patch's window reaches half a cell into its neighbours.

        corner, shape: (top, left) and (height, width) of a tile of the picture. Then only the parts inside the tile
        are yielded, in its px.
        """
        cell = min(length // count for length, count in zip(self.shape, self.counts, strict=True))
        whole = patches(self.shape, self.counts, cell + 2 * rim, rim)
        for patch, kernel in zip(whole, self.kernels, strict=True):
            part = patch.within(corner, shape or self.shape)
            if part is not None:
                yield part, kernel


def cells(motion: CameraMotion, shape: tuple[int, int]) -> tuple[int, int]:
    """Return the (rows, columns) of a picture of height x width px, so that the blur changes by 1 px over a cell.

    Cells nevertheless stay larger than their kernels (see `LEAST_CELL`).
    """
    height, width = shape
    corners = [motion.kernel_at(x, y).values for x in (0, width - 1) for y in (0, height - 1)]
    least = LEAST_CELL * max(max(kernel.shape) for kernel in corners)
    return tuple(max(1, min(ceil(side * motion.turn / CHANGE), int(side / least))) for side in shape)  # type: ignore[return-value]
