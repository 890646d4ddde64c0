"""Decides whether a blur varies over the photo, and builds the field from local kernel estimates.

Schuler et al. 2016, section 6.3: one kernel per window (equation 8), then one camera motion (equation 9).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import signal

from engine.kernels.families.drawing import centred, padded, trimmed
from engine.kernels.kernel import Kernel
from engine.kernels.kernel_field import KernelField
from engine.kernels.motion import CameraMotion, project

logger = logging.getLogger(__name__)

LEAST_WINDOWS = 9
FAINT = 0.1  # share of a kernel's peak: smaller values are ripple, which would be mistaken for a rotation
# Error with rotations divided by the error of a single kernel: at most 0.80 if corners moved by 2 px or more, at
# least 1.05 if the blur was the same everywhere (25 windows of 128 px, 1 % noise).
VARIES = 0.9
AS_GOOD = 1.05  # times the least error: the smallest rotation within this is used


def varying_field(kernels: Sequence[Kernel], positions: np.ndarray, shape: tuple[int, int]) -> KernelField | None:
    """Return the field of the camera motion that explains R local kernels; None if one kernel explains them as well.

    kernels: of windows around R x 2 `positions` (x, y) px of a height x width picture, each with a shift of its own.
    """
    if len(kernels) < LEAST_WINDOWS:
        return None
    local = [without_ripple(kernel) for kernel in kernels]
    reach = turning(local, positions, shape)
    if not reach:
        return None
    first = project(local, positions, shape, reach=reach)
    motion = project(aligned(local, positions, first), positions, shape, reach=reach)
    field = KernelField.of(motion.steadied(), None, shape)
    return field if len(field.kernels) > 1 else None


def turning(kernels: Sequence[Kernel], positions: np.ndarray, shape: tuple[int, int]) -> int:
    """Return by how many px a camera rotation moves the photo's corners, 0 if no rotation is needed.

    Every other window predicts the kernels of the others, by motions with more and more rotation. Noise in the
    estimates does not improve this prediction. The blur varies if the error falls to `VARIES` of the error without
    rotation.
    """
    errors = {reach: _foretold(kernels, positions, shape, reach) for reach in _reaches(kernels)}
    logger.info("error by reach of the rotation: %s", {reach: round(error, 4) for reach, error in errors.items()})
    least = min(errors.values())
    if least > VARIES * errors[0]:
        return 0
    return next(reach for reach, error in errors.items() if error <= AS_GOOD * least)


def _reaches(kernels: Sequence[Kernel]) -> Iterator[int]:
    """Yield 0, 2, 4, 8, ... px up to half the largest kernel."""
    half = max(len(kernel.values) for kernel in kernels) // 2
    yield 0
    reach = 2
    while reach <= max(half, 2):
        yield reach
        reach *= 2


def _foretold(kernels: Sequence[Kernel], positions: np.ndarray, shape: tuple[int, int], reach: int) -> float:
    """Return the squared error of motions found in one half of the windows, on the other half."""
    error = 0.0
    halves = slice(0, None, 2), slice(1, None, 2)
    for seen, unseen in (halves, halves[::-1]):
        motion = project(kernels[seen], positions[seen], shape, reach=reach)
        for kernel, (x, y) in zip(kernels[unseen], positions[unseen], strict=True):
            own, made = _same_side(kernel, motion.kernel_at(x, y))
            error += float((own**2).sum() + (made**2).sum() - 2 * _matches(made, own).max())
    return error


def without_ripple(kernel: Kernel) -> Kernel:
    """Return the kernel without ripple, its mass in the centre, so that neighbours align."""
    values = np.where(kernel.values >= FAINT * kernel.values.max(), kernel.values, 0)
    return Kernel(trimmed(centred(values, subpixel=True)))


def aligned(kernels: Sequence[Kernel], positions: np.ndarray, motion: CameraMotion) -> list[Kernel]:
    """Shift each kernel by whole px to its best match with the motion's kernel."""
    found = []
    for kernel, (x, y) in zip(kernels, positions, strict=True):
        own, made = _same_side(kernel, motion.kernel_at(x, y))
        matches = _matches(made, own)
        shift = [int(place) - len(own) + 1 for place in np.unravel_index(np.argmax(matches), matches.shape)]
        found.append(Kernel(trimmed(np.roll(np.pad(own, max(map(abs, shift))), shift, (0, 1)))))
    return found


def _matches(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the scalar products of the first with the second at all shifts."""
    return np.asarray(signal.fftconvolve(first, second[::-1, ::-1]))


def _same_side(first: Kernel, second: Kernel) -> tuple[np.ndarray, np.ndarray]:
    side = max(len(first.values), len(second.values))
    return padded(first.values, side), padded(second.values, side)
