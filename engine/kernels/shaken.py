"""Whether a photo was shaken as a whole: then the kernel that its own edges tell undoes it; nothing need be learned.

The kernel is found, a few windows are deconvolved with it, and three things are asked of them: blurred again, do they
give the photo everywhere? Are they much sharper? Are they free of rings? A subject that moved, a turned camera, a
photo that is sharp already, or a kernel that is wrong: each fails one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from engine.kernels.blind import SEARCHES, SMOOTHNESS, centred_exactly, photo_kernel, sparsity
from engine.kernels.deconvolution import deconvolve
from engine.kernels.estimation import luma
from engine.kernels.kernel import Kernel
from engine.kernels.noise import noise_level
from engine.kernels.patches import squares
from engine.kernels.residual import unexplained_by

SIDE = 512  # px of a window
MOST = 3  # windows a side

# Chosen by hand on 192 blurred, turned, half blurred, defocused and sharp photos of the training sets;
# tests/bench/automatic.py tells what they do on others.
UNEXPLAINED = 1.4  # of the noise, at the worst place
SPARSITY = 0.7  # of the photo's own: gradients that are fewer and stronger
RINGS = 0.003  # share of the values that are black or white only now
DARK, LIGHT = 0.001, 0.999
HOPELESS = 2.0  # of the noise, after the first search: others do not mend that


def shaken_kernel(photo: np.ndarray, on_step: Callable[[], None] = lambda: None) -> Kernel | None:
    """Return the kernel of an H x W x 3 photo in [0, 1] that was shaken as a whole; None of any other.

    Its centre of mass is its centre. on_step is called about once a second, and may raise.
    """
    try:
        first = photo_kernel(photo, SEARCHES[:1], on_step=on_step)
        if not undoes(photo, centred_exactly(first), on_step, HOPELESS):
            return None
        kernel = centred_exactly(photo_kernel(photo, SEARCHES[1:], besides=[first], on_step=on_step))
    except ValueError:  # no edges: nothing tells of a blur
        return None
    return kernel if undoes(photo, kernel, on_step) else None


def undoes(
    photo: np.ndarray, kernel: Kernel, on_step: Callable[[], None] = lambda: None, most: float = UNEXPLAINED
) -> bool:
    """Return whether a kernel undoes the blur of a photo, in windows all over it; most: of the noise, unexplained."""
    noise, before, after = noise_level(photo), [], []
    for window in windows(photo.shape[0], photo.shape[1]):
        on_step()
        blurred = photo[window]
        sharp = deconvolve(blurred, kernel, noise, smoothness=SMOOTHNESS)
        if unexplained_by(blurred, sharp, kernel) > most:
            return False
        before.append(blurred)
        after.append(sharp)
    sparser = sparsity(map(luma, after)) / sparsity(map(luma, before))
    return sparser <= SPARSITY and _extreme(after) - _extreme(before) <= RINGS


def windows(height: int, width: int) -> Iterator[tuple[slice, slice]]:
    """Return rows and columns of windows evenly over a picture, of which a small one is one."""
    rows, columns = (min(-(-length // SIDE), MOST) for length in (height, width))
    return squares((height, width), SIDE, (rows, columns))


def _extreme(windows: Sequence[np.ndarray]) -> float:
    """Return the share of values that are black or white."""
    return float(np.mean([np.mean((pixels <= DARK) | (pixels >= LIGHT)) for pixels in windows]))
