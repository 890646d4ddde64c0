"""Face verification: one person or two? The protocol of Labeled Faces in the Wild (Huang et al. 2007)."""

from __future__ import annotations

import numpy as np


def verification_accuracy(similarities: np.ndarray, same: np.ndarray, folds: int = 10) -> float:
    """Return the mean share of correctly recognised pairs; each fold uses the threshold best on all others.

    similarities: P, higher for one person. same: P, true for one person. Every fold takes an even sample of the
    order, so that it holds both kinds.
    """
    similarities, same = np.asarray(similarities, np.float64), np.asarray(same, bool)
    # Take every folds-th of the same and of the different pairs: folds are balanced for any order.
    fold = np.empty(len(same), int)
    for kind in (True, False):
        fold[same == kind] = np.arange(int((same == kind).sum())) % folds
    right = [_told_right(similarities, same, fold == index) for index in range(folds) if (fold == index).any()]
    return float(np.mean(right))


def _told_right(similarities: np.ndarray, same: np.ndarray, held: np.ndarray) -> float:
    threshold = best_threshold(similarities[~held], same[~held])
    return float(np.mean((similarities[held] > threshold) == same[held]))


def best_threshold(similarities: np.ndarray, same: np.ndarray) -> float:
    """Return the threshold above which to say "one person": the middle of the gap with the fewest mistakes."""
    order = np.argsort(similarities)
    values, kinds = similarities[order], same[order]
    edges = np.concatenate([[values[0] - 1], (values[1:] + values[:-1]) / 2, [values[-1] + 1]])
    # With the threshold at edge i, the first i are called different and the rest the same.
    mistakes = np.concatenate([[0], np.cumsum(kinds)]) + np.concatenate([np.cumsum(~kinds[::-1])[::-1], [0]])
    between_equals = np.concatenate([[False], values[1:] == values[:-1], [False]])
    return float(edges[np.argmin(np.where(between_equals, len(values), mistakes))])
