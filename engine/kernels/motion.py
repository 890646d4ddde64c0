"""Camera motion in the image plane: translations and rotations, and the local kernels that they produce.

The basis of Hirsch et al. 2011 and Schuler et al. 2016, section 6.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.kernels.families.drawing import splat, trimmed
from engine.kernels.kernel import Kernel

if TYPE_CHECKING:
    from scipy import sparse

KEPT = 0.0314  # eta of Schuler et al. 2016, figure 16: the share of poses that is kept
FEWEST = 300  # minimum number of kept poses: with few rotations, that share would be too few for a path
REFINEMENTS = 60


@dataclass(frozen=True, eq=False)
class CameraMotion:
    """poses: P x 3 of (tx px, ty px, theta radians, clockwise as y points down); weights: P, not negative, sum 1.

    A pose rotates the picture about `centre` (x, y) and moves it; the photo is the weighted sum over all poses.
    """

    poses: np.ndarray
    weights: np.ndarray
    centre: tuple[float, float]

    @property
    def turn(self) -> float:
        """The rotation in radians: the width of a uniform distribution with the same variance."""
        theta = self.poses[:, 2]
        mean = self.weights @ theta
        return float(np.sqrt(12 * (self.weights @ (theta - mean) ** 2)))

    def steadied(self) -> CameraMotion:
        """Return the motion relative to its mean pose, so that the blurred picture is not shifted."""
        x, y, angle = self.weights @ self.poses
        moves = self.poses[:, :2] - (x, y)
        cosine, sine = np.cos(angle), np.sin(angle)
        back = np.array([[cosine, -sine], [sine, cosine]])
        poses = np.column_stack([moves @ back, self.poses[:, 2] - angle])
        return CameraMotion(poses, self.weights, self.centre)

    def kernel_at(self, x: float, y: float) -> Kernel:
        """Return the blur of a point at (x, y) px: the path on which the poses move it."""
        moves = displacements(self.poses, self.centre, np.array([[x, y]]))[0]
        return Kernel(trimmed(splat(moves, self.weights)))


def displacements(poses: np.ndarray, centre: tuple[float, float], positions: np.ndarray) -> np.ndarray:
    """Return R x P x 2, the (dx, dy) by which each of P poses moves each of R positions."""
    x, y = (positions - np.array(centre)).T[..., None]
    cosine, sine = np.cos(poses[:, 2]) - 1, np.sin(poses[:, 2])
    return np.stack([cosine * x - sine * y + poses[:, 0], sine * x + cosine * y + poses[:, 1]], axis=2)


def project(
    local_kernels: Sequence[Kernel],
    positions: np.ndarray,
    shape: tuple[int, int],
    kept: float = KEPT,
    *,
    reach: float | None = None,
) -> CameraMotion:
    """Find the motion that matches given kernels best; `positions` (x, y) is R x 2 in a height x width picture.

    Equation 9 of Schuler et al. 2016: the sum over r of B_r^T k_r, of which the largest share `kept` is kept. Beyond
    the paper, those weights are refined by Richardson-Lucy steps, because B is far from orthogonal. reach: px by
    which a rotation may move a corner, None for as far as a translation. At 0 the blur is the same everywhere.
    """
    side = max(max(kernel.values.shape) for kernel in local_kernels)
    centre = ((shape[1] - 1) / 2, (shape[0] - 1) / 2)
    poses = _poses(side // 2, float(np.hypot(*centre)), reach)
    target = np.concatenate([_square(kernel.values, side + 2).ravel() for kernel in local_kernels])
    basis = _basis(displacements(poses, centre, np.asarray(positions, dtype=np.float64)), side + 2)
    scores = basis.T @ target
    positive = int(np.count_nonzero(scores > 0))
    count = max(1, round(kept * positive), min(FEWEST, positive))
    chosen = np.argsort(scores)[-count:]
    weights = _refined(basis[:, chosen], target, scores[chosen])
    alive = weights > 1e-3 * weights.max()
    return CameraMotion(poses[chosen][alive], weights[alive] / weights[alive].sum(), centre)


def _poses(reach: int, radius: float, turning: float | None) -> np.ndarray:
    """Return all translations of at most `reach` px times all rotations that move a corner by at most `turning`."""
    shifts = np.arange(-reach, reach + 1, dtype=np.float64)
    allowed = shifts if turning is None else shifts[np.abs(shifts) <= turning]
    angles = allowed / max(radius, 1.0)
    tx, ty, theta = np.meshgrid(shifts, shifts, angles, indexing="ij")
    inside = np.hypot(np.hypot(tx, ty), theta * radius) <= 1.5 * reach
    return np.stack([tx[inside], ty[inside], theta[inside]], axis=1)


def _basis(moves: np.ndarray, side: int) -> sparse.csr_matrix:
    """Return the (R side^2) x P matrix from weights to stacked local kernels, by bilinear splatting."""
    from scipy import sparse  # imported here, because the window uses motions without projecting them

    count, poses = moves.shape[:2]
    corner = np.floor(moves).astype(np.int64)
    part = moves - corner
    rows, columns, values = [], [], []
    for dx in (0, 1):
        for dy in (0, 1):
            x, y = corner[..., 0] + dx + side // 2, corner[..., 1] + dy + side // 2
            share = np.abs(1 - dx - part[..., 0]) * np.abs(1 - dy - part[..., 1])
            region, pose = np.nonzero((x >= 0) & (x < side) & (y >= 0) & (y < side) & (share > 0))
            rows.append((region * side + y[region, pose]) * side + x[region, pose])
            columns.append(pose)
            values.append(share[region, pose])
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.csr_matrix(entries, shape=(count * side * side, poses))


def _refined(basis: sparse.csr_matrix, target: np.ndarray, weights: np.ndarray) -> np.ndarray:
    regions = target.sum()
    for _ in range(REFINEMENTS):
        weights = weights / weights.sum()
        made = np.maximum(basis @ weights, 1e-9)
        weights = weights * (basis.T @ (target / made)) / regions
    return weights / weights.sum()


def _square(values: np.ndarray, side: int) -> np.ndarray:
    return np.pad(values.astype(np.float64), [((side - length) // 2,) * 2 for length in values.shape])
