"""One movement of the camera for all areas: straight first, which three numbers describe, then any in the plane.

The kernels of a few areas are uncertain, and blur changes within a box. A movement of three numbers cannot follow
their errors: on a picture of 741 x 500 px turned by 1.5 degrees, four kernels of similarity 0.81 to 0.87 gave one of
0.94 to 0.96, where a free movement (`engine.kernels.motion.project`) followed them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from engine.faces.face import Box
from engine.kernels.estimation import similarity
from engine.kernels.kernel import Kernel
from engine.kernels.motion import CameraMotion, project
from engine.kernels.varying import aligned, without_ripple

logger = logging.getLogger(__name__)

STRAIGHT, FREE = 0.7, 0.9  # similarity of each area's kernel to what a straight and a free movement make of it
FEWEST = 2  # blurred areas that tell a straight movement: four numbers for three
FEWEST_FREE = 4  # a free movement explains fewer whatever moved
MOST_SIGNS = 10  # areas whose directions are tried both ways: a kernel does not tell where its path began
STARTS = 2  # choices of signs from which the fit begins
SHARPEST = 1.5  # px: what is blurred by less tells no direction

Numbers = tuple[float, float, float]
"""The px that the middle of the photo moves right and down, and the px that its corners move round it."""


def camera_motion(kernels: Sequence[Kernel], boxes: Sequence[Box], shape: tuple[int, int]) -> CameraMotion | None:
    """Return the movement of the camera that explains the kernels of boxes in a height x width photo, if one does."""
    local, places = [without_ripple(kernel) for kernel in kernels], np.array([_middle(box) for box in boxes])
    paths = np.array([path_of(kernel) for kernel in local])
    if np.count_nonzero(np.hypot(*paths.T) > SHARPEST) < FEWEST:
        return None
    straight = _straight(local, places, paths, shape)
    if _explains(straight, local, places) >= STRAIGHT:
        return straight
    if len(kernels) >= FEWEST_FREE:
        free = _free(local, places, shape)
        if _explains(free, local, places) >= FREE:
            return free
    return None


def _explains(motion: CameraMotion, kernels: Sequence[Kernel], places: np.ndarray) -> float:
    """Return how similar the kernel that is explained worst is to what a movement makes of it."""
    likeness = [similarity(kernel, motion.kernel_at(x, y)) for kernel, (x, y) in zip(kernels, places, strict=True)]
    logger.info("a movement explains the areas by %s", [round(each, 2) for each in likeness])
    return min(likeness)


def path_of(kernel: Kernel) -> np.ndarray:
    """Return the (x, y) px of the straight path that a kernel resembles most; its sign means nothing."""
    values = kernel.values.astype(np.float64)
    y, x = np.mgrid[: values.shape[0], : values.shape[1]].astype(np.float64)
    x, y = x - (values * x).sum(), y - (values * y).sum()
    xx, xy, yy = ((values * a * b).sum() for a, b in ((x, x), (x, y), (y, y)))
    moments, axes = np.linalg.eigh(np.array([[xx, xy], [xy, yy]]))
    return np.asarray(axes[:, 1] * np.sqrt(12 * max(moments[1] - moments[0], 0)))


def straight_motion(numbers: Numbers, shape: tuple[int, int]) -> CameraMotion:
    """Return an even movement of the camera over a height x width photo, about its own middle."""
    centre = (shape[1] - 1) / 2, (shape[0] - 1) / 2
    right, down, round_ = numbers
    count = 2 * int(np.hypot(right, down) + abs(round_)) + 11
    steps = np.linspace(-0.5, 0.5, count)
    poses = np.stack([right * steps, down * steps, round_ / max(np.hypot(*centre), 1.0) * steps], axis=1)
    return CameraMotion(poses, np.full(count, 1 / count), centre)


def _straight(
    kernels: Sequence[Kernel], places: np.ndarray, paths: np.ndarray, shape: tuple[int, int]
) -> CameraMotion:
    """Fit a straight movement: it is as similar as possible to all kernels, from the best choices of their signs."""
    from scipy import optimize

    def unlike(numbers: np.ndarray) -> float:
        right, down, round_ = map(float, numbers)
        motion = straight_motion((right, down, round_), shape)
        return -sum(similarity(kernel, motion.kernel_at(*at)) for kernel, at in zip(kernels, places, strict=True))

    options = {"maxiter": 200, "xatol": 0.05, "fatol": 1e-4}
    fits = [
        optimize.minimize(unlike, start, method="Nelder-Mead", options=options)
        for _, start in sorted(_starts(places, paths, shape), key=lambda each: each[0])[:STARTS]
    ]
    right, down, round_ = map(float, min(fits, key=lambda fit: float(fit.fun)).x)
    return straight_motion((right, down, round_), shape)


def _starts(places: np.ndarray, paths: np.ndarray, shape: tuple[int, int]) -> Iterator[tuple[float, np.ndarray]]:
    """Yield the error and the numbers of the straight movement for each choice of the paths' signs."""
    centre = np.array([(shape[1] - 1) / 2, (shape[0] - 1) / 2])
    x, y = ((places - centre) / max(np.hypot(*centre), 1.0)).T
    ones, zeros = np.ones_like(x), np.zeros_like(x)
    moves = np.concatenate([np.stack([ones, zeros, -y], axis=1), np.stack([zeros, ones, x], axis=1)])
    long_first = np.argsort(-np.hypot(*paths.T))[:MOST_SIGNS]
    moves = moves.reshape(2, -1, 3)[:, long_first].reshape(-1, 3)
    inverse = np.linalg.pinv(moves)
    for signs in product((1, -1), repeat=len(long_first) - 1):
        wanted = (paths[long_first] * np.array([1, *signs])[:, None]).T.ravel()
        numbers = inverse @ wanted
        yield float(((moves @ numbers - wanted) ** 2).sum()), numbers


def _free(kernels: Sequence[Kernel], places: np.ndarray, shape: tuple[int, int]) -> CameraMotion:
    first = project(kernels, places, shape)
    return project(aligned(kernels, places, first), places, shape).steadied()


def _middle(box: Box) -> tuple[float, float]:
    left, top, right, bottom = box
    return (left + right - 1) / 2, (top + bottom - 1) / 2
