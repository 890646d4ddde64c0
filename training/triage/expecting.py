"""Teaches the forests that say what restoring a photo wins, beside those that say what blurred it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from engine.diagnosis.judging import HELP, Judge, gain_row
from engine.errors import UserError
from training.triage.learning import FOLDS, forest, unseen, windows
from training.triage.lessons import Lesson

LEAF = 4  # lessons a leaf: they are few, and much of a gain cannot be foreseen
FEWEST = 40
RIGHT = 0.88  # share of the photos that are called worth saving in which restoring must win HELP or more
DB = (-3.0, 10.0)  # beyond, a gain is as bad or as good as it can be


@dataclass(frozen=True)
class HeldGains:
    """What forests that did not see these photos expect of them.

    gains: dB that were won. expected: dB. helps: probability of HELP or more. kinds: what the photos are.
    """

    gains: np.ndarray
    expected: np.ndarray
    helps: np.ndarray
    kinds: tuple[str, ...]


def taught_gains(judge: Judge, lessons: Sequence[Lesson], seed: int = 0) -> tuple[Judge, HeldGains]:
    """Return the judge with forests of gains that the lessons teach, and how those of a part see the rest.

    Raise UserError where too few lessons know their gain.
    """
    known = [each for each in lessons if np.isfinite(each.gain) and len(each.boxes)]
    if len(known) < FEWEST:
        raise UserError("There are too few lessons about the gain: draw more.")
    rows = np.array([gain_row(judge.opinion(windows(each)), windows(each)) for each in known])
    gains = np.array([each.gain for each in known]).clip(*DB)
    pair = np.column_stack([gains, gains >= HELP])
    folds = np.array([crc32(each.place.encode()) % FOLDS for each in known])
    expected, helps = unseen(rows, pair, folds, seed, LEAF).T
    held = HeldGains(gains, expected, helps, tuple(each.kind for each in known))
    gain, help_ = (forest(rows, column[:, None], seed, LEAF) for column in pair.T)
    forests = {**judge.forests, "gain": gain, "helps": help_}
    return Judge(forests, replace(judge.limits, saved=saved_from(held))), held


def saved_from(held: HeldGains) -> float:
    """Return the probability of help from which on a photo can be saved: of those that are called so, RIGHT are."""
    order = np.argsort(-held.helps)
    good = np.cumsum(held.gains[order] >= HELP) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(good >= RIGHT)
    return round(float(held.helps[order[enough[-1]]]) if enough.size else 0.9, 4)
