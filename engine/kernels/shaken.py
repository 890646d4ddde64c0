"""What blurred a photo as a whole: several searches find kernels, the learned judge says which, and what it is worth.

A subject that moved, a turned camera, a photo that is sharp already, a search that found nothing right: in each the
judge expects little of the best kernel. It sees one window of a large photo; the others are looked at here. At night
light streaks show the kernel, and nothing is searched for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import nan

import numpy as np

from engine.kernels.blind import refined
from engine.kernels.candidate_figures import MODEL_ERROR, extent, undone
from engine.kernels.candidate_judge import Found, Pool
from engine.kernels.estimation import luma, telling_window
from engine.kernels.kernel import Kernel
from engine.kernels.moving import centred_exactly
from engine.kernels.night import is_night
from engine.kernels.noise import noise_level
from engine.kernels.patches import squares
from engine.kernels.pool import LARGE_WINDOW, REFININGS, large_candidates, small_candidates
from engine.kernels.residual import unexplained_by
from engine.kernels.sharpness import is_sharp
from engine.kernels.streaks import is_path, streaks

SIDE = 384  # px of a window elsewhere in the photo
MOST = 3  # windows a side
FITS = 1.6  # times what the kernel leaves unexplained where it was found, and of a camera's error
Network = Callable[[np.ndarray], np.ndarray]
LONG = 19  # px: a longer kernel may be a part of one that is longer than the searches so far can find
ENOUGH = 4  # light streaks that are alike: by day, and in sharp photos, letters and lamps are alike, too
BY_STREAKS = 0.9  # probability that a kernel that they show is right
SURE = 0.75  # probability of being right from which on no larger kernel is looked for


def shaken_kernels(
    photo: np.ndarray, network: Network | None = None, on_progress: Callable[[float], None] = lambda _: None
) -> list[Found]:
    """Return the kernels that may have blurred an H x W x 3 photo in [0, 1] as a whole, the most likely first.

    There is none without edges. The centre of each one's mass is its centre. network: restores h x w x 3 pixels
    without a kernel. The judge compares what each kernel gives with that; without it nobody knows what the kernel
    gains. on_progress is told the share in [0, 1] that is done several times a second, and may raise. Raise
    WeightsError where the judge's file is damaged.
    """
    shown = shown_by_streaks(photo)
    if shown is not None:
        return [shown]
    window = np.ascontiguousarray(photo[telling_window(photo, LARGE_WINDOW)])
    kernels = small_candidates(photo, lambda share: on_progress(0.4 * share))
    if not kernels:
        return []
    on_progress(0.4)
    hint = None if network is None else luma(network(window))
    pool = Pool(luma(window), noise_level(window), hint)
    pool.add(kernels, lambda share: on_progress(0.4 + 0.1 * share))
    ranked = pool.ranked()
    if may_be_larger(ranked[0], pool.plane):
        kernels = large_candidates(photo, lambda share: on_progress(0.5 + 0.4 * share))
        pool.add(kernels, lambda share: on_progress(0.9 + 0.1 * share))
        ranked = pool.ranked()
    best = ranked[0].kernel
    if window.shape == photo.shape or fits_everywhere(photo, best, _left(pool.plane, best, pool.noise)):
        return ranked
    return [replace(each, gain=0.0, beyond=0.0, right=0.0) for each in ranked]


def shown_by_streaks(photo: np.ndarray) -> Found | None:
    """Return the kernel that enough light streaks of an H x W x 3 night photo show alike, None by day or without.

    Of 199 sharp photos 49 show three alike or more, and none is taken: they are sharp, and most are no path. A dark
    photo without clipped lamps is no night photo: things that are alike are a part of it.
    """
    shown = streaks(photo) if is_night(photo) else None
    if shown is None or shown.count < ENOUGH or not is_path(shown.kernel):
        return None
    if is_sharp(luma(photo[telling_window(photo, LARGE_WINDOW)])):
        return None
    return Found(shown.kernel, nan, nan, BY_STREAKS, by_streaks=True)


def refined_kernels(photo: np.ndarray, kernel: Kernel, network: Network | None = None) -> list[Found]:
    """Return a kernel that somebody proposes for an H x W x 3 photo, and what refining makes of it, judged.

    See `shaken_kernels`.
    """
    window = np.ascontiguousarray(photo[telling_window(photo, LARGE_WINDOW)])
    kernels = [centred_exactly(kernel)]
    for _ in range(REFININGS):
        kernels.append(centred_exactly(refined(window, kernels[-1])))
    pool = Pool(luma(window), noise_level(window), None if network is None else luma(network(window)))
    pool.add(kernels)
    return pool.ranked()


def may_be_larger(best: Found, plane: np.ndarray) -> bool:
    """Return whether larger kernels have to be looked for, too: the best is large itself, or not the right one.

    A sharp H x W plane has none.
    """
    return not is_sharp(plane) and (extent(best.kernel) >= LONG or not best.right >= SURE)


def fits_everywhere(photo: np.ndarray, kernel: Kernel, left: float) -> bool:
    """Return whether a kernel explains windows all over an H x W x 3 photo about as well as where it was found.

    left: what is unexplained there, in units of the noise.
    """
    most = FITS * max(left, 1)
    for rows, columns in windows(photo.shape[0], photo.shape[1]):
        pixels = photo[rows, columns]
        if _left(luma(pixels), kernel, noise_level(pixels)) > most:
            return False
    return True


def windows(height: int, width: int) -> Iterator[tuple[slice, slice]]:
    """Return rows and columns of windows evenly over a picture, of which a small one is one."""
    rows, columns = (min(-(-length // SIDE), MOST) for length in (height, width))
    return squares((height, width), SIDE, (rows, columns))


def _left(plane: np.ndarray, kernel: Kernel, noise: float) -> float:
    """Return what a kernel leaves unexplained at the worst place of a plane, in units of noise and model error."""
    left = unexplained_by(plane[..., None], undone(plane, kernel, noise)[..., None], kernel)
    return left * noise / max(noise, MODEL_ERROR)
