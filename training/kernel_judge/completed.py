"""Lessons in whose pools the true kernel is: searches miss most large blur, and the judge must know what is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from scipy import ndimage

from engine.kernels.blind import refined
from engine.kernels.estimation import SPECK, THRESHOLD, cleaned, luma, similarity, telling_window
from engine.kernels.kernel import Kernel
from engine.kernels.moving import centred_exactly
from engine.kernels.pool import LARGE_WINDOW, REFININGS
from engine.kernels.shaken import Network
from training.kernel_judge.lessons import COMPLETED, REAL, RIGHT, Lesson, stacked, told_anew, unstacked

MISSED = 0.8  # likeness of the best candidate below which a search has missed the kernel
ROUGH = 0.6  # px: what is found is less sharp than the truth, until the photo refines it
LEAST = 1.0  # dB that the true kernel must gain; where clipping or a tone curve spoils it, it teaches nothing


def completed(lessons: Iterable[Lesson], network: Network) -> Iterator[Lesson]:
    """Yield each lesson whose pool lacks the true kernel anew, with that kernel as a search would have found it."""
    for each in lessons:
        if each.way.startswith(("shaken", REAL)) and each.true.size and each.likeness.max() < MISSED:
            made = _with_the_true_one(each, network)
            if made is not None:
                yield made


def _with_the_true_one(old: Lesson, network: Network) -> Lesson | None:
    """Return a lesson with two more candidates, None where they are not right or gain too little."""
    kernels = unstacked(old.kernels)
    true = _as_it_lies(old.true, kernels)
    try:
        found = _as_found(old.blurred.astype(np.float32) / 255, true)
    except ValueError:  # no edges
        return None
    likeness = [similarity(each, true) for each in found]
    if max(likeness) < RIGHT:
        return None
    pool = replace(old, kernels=stacked([*kernels, *found]), likeness=np.append(old.likeness, likeness))
    made = told_anew(replace(pool, way=old.way + COMPLETED), network)
    return None if made.gain[-len(found) :].max() < LEAST else made


def _as_it_lies(true: np.ndarray, kernels: list[Kernel]) -> Kernel:
    """Return the true kernel in the turn that the pool is more like: published ones lie in either."""
    turns = [unstacked(values[None])[0] for values in (true, np.ascontiguousarray(true[::-1, ::-1]))]
    return max(turns, key=lambda turn: max(similarity(turn, each) for each in kernels))


def _as_found(blurred: np.ndarray, true: Kernel) -> list[Kernel]:
    rough = cleaned(ndimage.gaussian_filter(np.pad(true.values, 2), ROUGH), THRESHOLD, SPECK)
    plane = luma(blurred[telling_window(blurred, LARGE_WINDOW)])[..., None]
    found = [Kernel((rough / rough.sum()).astype(np.float32))]
    for _ in range(REFININGS):
        found.append(centred_exactly(refined(plane, found[-1])))
    return found[1:]
