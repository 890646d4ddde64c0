"""Teaches the forests that say what blurred a photo, and sets their limits by photos that they did not see.

`expecting` teaches those that say what restoring wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from engine.diagnosis.diagnosis import Kind
from engine.diagnosis.judging import KINDS, Judge, Limits
from engine.diagnosis.windows import Windows
from engine.kernels.forest import Forest
from training.triage.lessons import CLEAR, Lesson

TREES, FOLDS = 48, 4
LEAF, WINDOWS_A_LEAF = 2, 12
ALLOWED = (0.011, 0.002, 0.003, 0.002)
"""Share of the sharp photos that may be called each kind of blurred where the limits are set; the goal is 0.02."""
LEAST_KIND = 0.4
SUBJECT = 0.5  # share of a window that shows the subject
NATURAL = 0.35  # log2 fineness: an unblurred window below it was soft already and is no sharp one


@dataclass(frozen=True)
class Held:
    """What is known of the lessons by forests that did not see their pictures.

    kinds: n x 5 probabilities. truth: n numbers of KINDS. names: of the kinds in detail.
    """

    kinds: np.ndarray
    truth: np.ndarray
    names: tuple[str, ...]


def learned(lessons: Sequence[Lesson], seed: int = 0) -> tuple[Judge, Held]:
    """Return a judge of kinds that all lessons teach, and how judges of a part of them see the rest.

    The photo's forest learns from windows' answers that were given by forests that had not seen those photos.
    """
    lessons = [each for each in lessons if is_seen(each)]
    folds = np.array([crc32(each.place.encode()) % FOLDS for each in lessons])
    halves = [_judge_of_windows([each for each, of in zip(lessons, folds, strict=True) if of != fold], seed)
              for fold in range(FOLDS)]  # fmt: skip
    opinions = [halves[fold].opinion(windows(each)) for each, fold in zip(lessons, folds, strict=True)]
    rows = np.array([opinion.figures for opinion in opinions])
    truth = np.array([KINDS.index(Kind(each.kind)) for each in lessons])
    wanted = np.eye(len(KINDS))[truth]
    kinds = unseen(rows, wanted, folds, seed)
    held = Held(kinds, truth, tuple(each.name for each in lessons))
    forests = {**_judge_of_windows(lessons, seed).forests, "kind": forest(rows, wanted, seed)}
    return Judge(forests, limits(held)), held


def is_seen(lesson: Lesson) -> bool:
    """Whether a window shows most of a subject that is unlike the rest of the photo; a smaller one cannot be told."""
    if not len(lesson.boxes):
        return False
    if lesson.kind == Kind.SUBJECT_MOVED:
        return bool(lesson.truths[:, 1].max() >= SUBJECT)
    if lesson.name in ("sharp: panning", "sharp: bokeh", "sharp: macro"):
        return bool(lesson.truths[:, 0].max() >= SUBJECT)
    return True


def limits(held: Held) -> Limits:
    """Set the limits of kinds so that what is allowed is kept on photos that the forests did not see."""
    sharp = held.kinds[held.truth == 0]
    wrong = np.where(sharp.argmax(1)[:, None] == np.arange(len(KINDS)), sharp, 0)
    least = [
        max(LEAST_KIND, 1e-3 + float(np.sort(wrong[:, kind])[-1 - int(allowed * len(sharp))]) if len(sharp) else 0)
        for kind, allowed in enumerate(ALLOWED, start=1)
    ]
    return Limits(*(round(each, 4) for each in least))


def _judge_of_windows(lessons: Sequence[Lesson], seed: int) -> Judge:
    rows, truths, lengths, moved = [], [], [], []
    for each in lessons:
        clear = each.truths.max(1) >= CLEAR if len(each.truths) else np.zeros(0, bool)
        soft = (each.truths[:, 0] >= CLEAR) & (each.figures[:, 3] < NATURAL) if len(each.truths) else clear
        chosen = clear & ~soft
        rows.append(each.figures[chosen])
        truths.append(each.truths[chosen])
        size = np.log2(1 + np.array([np.nan_to_num(each.extent), each.radius]))
        lengths.append(np.tile(size, (int(chosen.sum()), 1)))
        moved.append(each.truths[chosen][:, 0] < 0.5)
    figures, wanted = np.concatenate([row for row in rows if len(row)]), np.concatenate(truths)
    blurred = np.concatenate(moved)
    return Judge(
        {
            "window": forest(figures, wanted, seed, WINDOWS_A_LEAF),
            "length": forest(figures[blurred], np.concatenate(lengths)[blurred], seed, WINDOWS_A_LEAF),
            "kind": _nothing(len(KINDS)),
        },
        Limits(0.5, 0.5, 0.5, 0.5),
    )


def windows(lesson: Lesson) -> Windows:
    """Return the windows of a lesson's photo."""
    return Windows(lesson.boxes, lesson.figures, lesson.turns, lesson.looked)


def unseen(rows: np.ndarray, wanted: np.ndarray, folds: np.ndarray, seed: int, leaf: int = LEAF) -> np.ndarray:
    """Return what forests answer that learned from the rows of the other folds."""
    answers = np.zeros(wanted.shape)
    for fold in range(FOLDS):
        mine = folds == fold
        if mine.any():
            answers[mine] = forest(rows[~mine], wanted[~mine], seed, leaf)(rows[mine]).reshape(answers[mine].shape)
    return answers


def _nothing(outputs: int) -> Forest:
    """Return a forest that says 0."""
    leaf = np.zeros(1, int)
    return Forest(leaf, leaf - 1, np.zeros(1, np.float32), leaf, leaf, np.zeros((1, outputs)))


def forest(rows: np.ndarray, wanted: np.ndarray, seed: int, leaf: int = LEAF) -> Forest:
    """Return a forest that learned what is wanted of each row."""
    from sklearn.ensemble import ExtraTreesRegressor

    learner = ExtraTreesRegressor(TREES, min_samples_leaf=leaf, max_features=0.4, n_jobs=1, random_state=seed)
    trees = [each.tree_ for each in learner.fit(rows, wanted.squeeze()).estimators_]
    counts = [tree.node_count for tree in trees]
    starts = np.cumsum([0, *counts])[:-1]
    ends = np.concatenate([tree.children_left for tree in trees]) < 0
    shift = np.repeat(starts, counts)
    return Forest(
        roots=starts,
        column=np.where(ends, -1, np.concatenate([tree.feature for tree in trees])),
        threshold=np.concatenate([tree.threshold for tree in trees]).astype(np.float32),
        left=np.where(ends, 0, np.concatenate([tree.children_left for tree in trees]) + shift),
        right=np.where(ends, 0, np.concatenate([tree.children_right for tree in trees]) + shift),
        value=np.concatenate([tree.value[:, :, 0] for tree in trees]),
    )
