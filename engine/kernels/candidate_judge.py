"""The learned judge of candidates: which of them restores the photo best, what it gains, and whether it is right.

Forests of trees on the figures of each candidate and on how they compare with the pool's. `python -m training
kernel-judge` teaches it; resources/weights/kernel-judge.json says by what, and how often it is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from engine.kernels.at_once import Check, OnProgress, at_once
from engine.kernels.candidate_figures import NAMES, NATURAL, Window, among, compared, undone
from engine.kernels.forest import Forest
from engine.kernels.kernel import Kernel
from engine.weights import WeightsError, find_weights, read_checked

CARD_ID = "kernel-judge"
SPARSE = 4.0  # dB that a candidate loses to another whose result is sparser by a factor of e. The forests have seen
# little large blur: of the published kernels of data/real (half to tune on) they found 5 of 11 alone, 8 with this
OUTPUTS = ("rank", "gain", "beyond", "right")
"""rank: dB behind the best of the pool. gain: dB over the photo as it is. beyond: dB over the network's result.
right: probability that the kernel is about the true one (similarity of 0.7 or more)."""


@dataclass(frozen=True, eq=False)
class Found:
    """A kernel and what is expected of it; NaN: nobody knows.

    gain, beyond: dB that undoing it gains over the photo, and over what the network makes of it. right: probability
    that it is the true one. by_streaks: light streaks of the photo show it; the judge was not asked.
    """

    kernel: Kernel
    gain: float
    beyond: float
    right: float
    by_streaks: bool = False


class Pool:
    """Kernels found in a picture, what is told of each, and the judge's opinion.

    plane: H x W luma in [0, 1] of the window that was searched. noise: its standard deviation in [0, 1]. hint: H x W,
    what a network makes of it; None: nobody knows what a kernel gains.
    """

    def __init__(self, plane: np.ndarray, noise: float, hint: np.ndarray | None) -> None:
        self.plane, self.noise, self._hinted = plane, noise, hint is not None
        self.kernels: list[Kernel] = []
        self._window, self._rows = Window(plane, noise, plane if hint is None else hint), list[np.ndarray]()

    def add(self, kernels: Sequence[Kernel], on_progress: OnProgress = lambda _: None) -> None:
        """Undo each kernel and look; on_progress is told the share in [0, 1] that is done, and may raise."""

        def look(kernel: Kernel, check: Check) -> np.ndarray:
            check()
            sharp = undone(self.plane, kernel, self.noise)
            check()
            return self._window.of(kernel, sharp)

        self._rows += at_once([partial(look, kernel) for kernel in kernels], on_progress)
        self.kernels += kernels

    def ranked(self) -> list[Found]:
        """Return the kernels, the best first.

        Without a hint or the judge's file they are ranked by how well and how sparsely they explain the photo. Raise
        WeightsError where the file is damaged.
        """
        rows = compared(among(self._rows, self.kernels))
        forests = _forests() if self._hinted else ()
        if forests:
            return ranked(self.kernels, rows, forests)
        nobody_knows = np.full((len(OUTPUTS) - 1, len(rows)), np.nan)
        return _ordered(self.kernels, -rows[:, NATURAL], nobody_knows)


def ranked(kernels: Sequence[Kernel], rows: np.ndarray, forests: Sequence[Forest]) -> list[Found]:
    """Return kernels with these figures (`compared`) as the forests of OUTPUTS rank them, the best first."""
    expected = np.stack([forest(rows)[:, 0] for forest in forests[1:]])
    return _ordered(kernels, overall(forests[0], rows), expected)


def _ordered(kernels: Sequence[Kernel], scores: np.ndarray, expected: np.ndarray) -> list[Found]:
    gain, beyond, right = expected.tolist()
    best_first = np.argsort(-scores, kind="stable").tolist()
    return [Found(kernels[each], gain[each], beyond[each], right[each]) for each in best_first]


def overall(rank: Forest, rows: np.ndarray) -> np.ndarray:
    """Return by how much the candidates with these figures (`compared`) are to be preferred to each other, in dB."""
    return np.asarray(rank(rows)[:, 0] - SPARSE * rows[:, NAMES.index("sparsity to the photo's")])


def _forests() -> tuple[Forest, ...]:
    """Return the forests of OUTPUTS; none where the file is missing."""
    weights = find_weights(CARD_ID)
    return () if weights is None else _read(weights.path, weights.card.sha256)


@lru_cache(maxsize=1)
def _read(path: Path, _: str) -> tuple[Forest, ...]:
    """Return the forests of a file with that SHA-256: another one is read anew."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    weights = find_weights(CARD_ID, [path.parent])
    assert weights is not None
    try:
        arrays = load(read_checked(weights))
        return tuple(Forest.of(arrays, output) for output in OUTPUTS)
    except (SafetensorError, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise WeightsError(
            "The weights {path} do not fit {method}: {reason}", path=weights.path, method=CARD_ID, reason=reason
        ) from error
