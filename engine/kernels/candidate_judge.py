"""The learned judge of candidates: which of them restores the photo best, what it gains, and whether it is right.

Forests of trees on the figures of each candidate and on how they compare with the pool's. `python -m training
kernel-judge` teaches it; resources/weights/kernel-judge.json says by what, and how often it is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.kernels.candidate_figures import NATURAL, compared, figures, undone
from engine.kernels.forest import Forest
from engine.kernels.kernel import Kernel
from engine.weights import WeightsError, find_weights, read_checked

CARD_ID = "kernel-judge"
OUTPUTS = ("rank", "gain", "beyond", "right")
"""rank: dB behind the best of the pool. gain: dB over the photo as it is. beyond: dB over the network's result.
right: probability that the kernel is about the true one (similarity of 0.7 or more)."""


@dataclass(frozen=True, eq=False)
class Found:
    """A kernel and what is expected of it; NaN: nobody knows.

    gain, beyond: dB that undoing it gains over the photo, and over what the network makes of it. right: probability
    that it is the true one.
    """

    kernel: Kernel
    gain: float
    beyond: float
    right: float


def ranked(
    plane: np.ndarray,
    kernels: Sequence[Kernel],
    noise: float,
    hint: np.ndarray | None,
    on_progress: Callable[[float], None] = lambda _: None,
) -> list[Found]:
    """Return a pool's kernels, the best first.

    plane: H x W luma in [0, 1] of the window that was searched. noise: its standard deviation in [0, 1]. hint: H x W,
    what a network makes of it. Without a hint or the judge's file they are ranked by how well and how sparsely they
    explain the photo, and nobody knows what they gain. Raise WeightsError where the file is damaged.
    """
    results = []
    for number, kernel in enumerate(kernels):
        on_progress(number / len(kernels))
        results.append(undone(plane, kernel, noise))
    rows = compared(figures(plane, kernels, results, noise, plane if hint is None else hint))
    forests = () if hint is None else _forests()
    ranks, *expected = (
        (forest(rows)[:, 0] for forest in forests)
        if forests
        else (-rows[:, NATURAL], *(np.full(len(rows), np.nan) for _ in range(3)))
    )
    best_first = np.argsort(-ranks, kind="stable")
    return [Found(kernels[each], *(float(values[each]) for values in expected)) for each in best_first]


@lru_cache(maxsize=1)
def _forests() -> tuple[Forest, ...]:
    """Return the forests of OUTPUTS; none where the file is missing."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    weights = find_weights(CARD_ID)
    if weights is None:
        return ()
    try:
        arrays = load(read_checked(weights))
        return tuple(Forest.of(arrays, output) for output in OUTPUTS)
    except (SafetensorError, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise WeightsError(
            "The weights {path} do not fit {method}: {reason}", path=weights.path, method=CARD_ID, reason=reason
        ) from error
