"""Teaches forests on lessons, and says how well they choose among the kernels of pictures that they have not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.kernels.candidate_figures import NAMES, NATURAL, compared
from engine.kernels.candidate_judge import OUTPUTS, Found, overall, ranked
from engine.kernels.forest import Forest
from engine.kernels.shaken import LONG
from engine.restoration.automatic import CERTAIN, WORTH
from training.kernel_judge.lessons import COMPLETED, REAL, RIGHT, Lesson, unstacked

TREES, LEAF, COLUMNS = 60, 4, 0.4  # COLUMNS: share of them that each split looks at
FOLDS = 5
LIKENESS = 10.0  # dB that a likeness of 1 is worth over one of 0
RARE = (
    3.0  # weight of the candidates of real photos, and of pools to which the true kernel was added. Unseen pictures
)
# of large blur gain 1.94 dB by it and 1.87 without; those of before gain 1.27 and 1.14
WORST, MOST = -6.0, 10.0  # dB: beyond, a candidate is as bad or as good as it can be


@dataclass(frozen=True)
class Judged:
    """How forests choose in pictures that they did not learn from.

    taken: mean gain in dB of the kernels that they rank first, where the photo was blurred as a whole; natural: of
    those that explain it best and are sparsest; best: of those that are best. automatic, network, oracle: mean gain
    in all pictures of what Automatic takes, of the network's result, and of the better of the two. right, wrong,
    missed: shares of all pictures in which a kernel was taken and better than the network, taken and worse, and
    refused though it was better by WORTH; harmed: taken and worse than the photo.
    """

    taken: float
    natural: float
    best: float
    automatic: float
    network: float
    oracle: float
    right: float
    wrong: float
    missed: float
    harmed: float


def targets(lessons: Sequence[Lesson]) -> dict[str, np.ndarray]:
    """Return what each forest shall answer for all candidates, one after the other."""
    return {
        "rank": np.concatenate([_behind(each) for each in lessons]),
        "gain": np.concatenate([each.gain.clip(WORST, MOST) for each in lessons]),
        "beyond": np.concatenate([(each.gain - each.network).clip(WORST, MOST) for each in lessons]),
        "right": np.concatenate([np.where(each.likeness >= 0, each.likeness >= RIGHT, np.nan) for each in lessons]),
    }


def _behind(lesson: Lesson) -> np.ndarray:
    """Return by how many dB each candidate is worse than the best; by likeness where no truth is known."""
    worth = lesson.gain if np.isfinite(lesson.gain).all() else LIKENESS * lesson.likeness
    return np.maximum(worth - worth.max(), WORST)


def learned(lessons: Sequence[Lesson], seed: int = 0) -> dict[str, Forest]:
    """Return a forest for each of OUTPUTS."""
    rows, wanted = np.vstack([compared(each.figures) for each in lessons]), targets(lessons)
    return {output: _forest(rows, wanted[output], _weights(lessons, output), seed) for output in OUTPUTS}


def _weights(lessons: Sequence[Lesson], output: str) -> np.ndarray:
    """Return the weight of each candidate; a completed pool says who is better, not how often that is."""
    rare = [each.way.startswith(REAL) or (_is_rare(each) and output == "rank") for each in lessons]
    return np.concatenate(
        [np.full(len(each.gain), RARE if of else 1.0) for each, of in zip(lessons, rare, strict=True)]
    )


def _is_rare(lesson: Lesson) -> bool:
    return lesson.way.startswith(REAL) or lesson.way.endswith(COMPLETED)


def _folds(lessons: Sequence[Lesson], seed: int) -> np.ndarray:
    """Return the fold of each lesson; lessons of one picture share it."""
    pictures = [(each.place, each.blurred.tobytes()) for each in lessons]
    numbers = {picture: number for number, picture in enumerate(dict.fromkeys(pictures))}
    folds = np.random.default_rng(seed).permutation(len(numbers)) % FOLDS
    return folds[[numbers[picture] for picture in pictures]]


def ranked_unseen(lessons: Sequence[Lesson], seed: int = 0) -> list[list[Found]]:
    """Return each lesson's kernels as forests rank them, the best first, that learned from the other lessons.

    A lesson whose kernels were not kept has none.
    """
    found: list[list[Found]] = [[] for _ in lessons]
    folds = _folds(lessons, seed)
    for fold in range(FOLDS):
        forests = learned([each for each, of in zip(lessons, folds, strict=True) if of != fold], seed)
        for number in np.flatnonzero(folds == fold).tolist():
            if lessons[number].kernels.size:
                rows = compared(lessons[number].figures)
                found[number] = ranked(unstacked(lessons[number].kernels), rows, list(forests.values()))
    return found


def judged(lessons: Sequence[Lesson], seed: int = 0) -> Judged:
    """Learn from four fifths of the pictures, judge the last, and so on round; what is rare only teaches."""
    everything, everywhere = lessons, _folds(lessons, seed)
    lessons = [each for each in everything if not _is_rare(each)]
    folds = np.array([fold for each, fold in zip(everything, everywhere, strict=True) if not _is_rare(each)])
    taken, expected = np.zeros(len(lessons)), np.zeros(len(lessons))
    certain = np.zeros(len(lessons), bool)
    for fold in range(FOLDS):
        others = [each for each, of in zip(everything, everywhere, strict=True) if of != fold]
        forests = learned(others, seed)
        for number in np.flatnonzero(folds == fold).tolist():
            rows = compared(lessons[number].figures)
            first = int(np.argmax(overall(forests["rank"], rows)))
            taken[number] = lessons[number].gain[first]
            expected[number] = min(forests[name](rows)[first, 0] for name in ("gain", "beyond"))
            certain[number] = forests["right"](rows)[first, 0] >= CERTAIN
            certain[number] &= lessons[number].figures[first, NAMES.index("extent")] >= LONG
    return _summary(lessons, taken, certain | (expected >= WORTH))


def _summary(lessons: Sequence[Lesson], taken: np.ndarray, takes: np.ndarray) -> Judged:
    whole = np.array([each.way.startswith(("shaken", "out", "levin")) for each in lessons])
    natural = np.array([each.gain[np.argmin(compared(each.figures)[:, NATURAL])] for each in lessons])
    best, network = np.array([each.gain.max() for each in lessons]), np.array([each.network for each in lessons])
    better = taken > network
    means = [*(each[whole] for each in (taken, natural, best)), np.where(takes, taken, network), network]
    shares = takes & better, takes & ~better, ~takes & (taken > network + WORTH), takes & (taken < 0)
    return Judged(
        *(round(float(each.mean()), 2) for each in (*means, np.maximum(taken, network))),
        *(round(float(each.mean()), 3) for each in shares),
    )


def _forest(rows: np.ndarray, wanted: np.ndarray, weights: np.ndarray, seed: int) -> Forest:
    from sklearn.ensemble import ExtraTreesRegressor

    known = np.isfinite(wanted)
    learner = ExtraTreesRegressor(TREES, min_samples_leaf=LEAF, max_features=COLUMNS, n_jobs=-1, random_state=seed)
    trees = [each.tree_ for each in learner.fit(rows[known], wanted[known], weights[known]).estimators_]
    starts = np.cumsum([0, *(tree.node_count for tree in trees)])[:-1]
    leaf = np.concatenate([tree.children_left for tree in trees]) < 0
    shift = np.repeat(starts, [tree.node_count for tree in trees])
    return Forest(
        roots=starts,
        column=np.where(leaf, -1, np.concatenate([tree.feature for tree in trees])),
        threshold=np.concatenate([tree.threshold for tree in trees]).astype(np.float32),
        left=np.where(leaf, 0, np.concatenate([tree.children_left for tree in trees]) + shift),
        right=np.where(leaf, 0, np.concatenate([tree.children_right for tree in trees]) + shift),
        value=np.concatenate([tree.value[:, :, 0] for tree in trees]),
    )
