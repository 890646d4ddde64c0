"""A forest of regression trees that was learned elsewhere, as plain arrays: numpy is all that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np


@dataclass(frozen=True, eq=False)
class Forest:
    """The mean of trees whose nodes lie one after the other.

    roots: number of each tree's first node. column: of each node, the figure that it asks for, -1 in a leaf.
    threshold: rows whose figure is at most this go left. left, right: numbers of the nodes that follow.
    value: nodes x outputs, what a leaf answers.
    """

    roots: np.ndarray
    column: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray], name: str) -> Forest:
        """Take the arrays of a name as `arrays` gives them; raise KeyError where one is missing."""
        found = {each.name: arrays[f"{name}.{each.name}"] for each in fields(cls)}
        exact = {"threshold": np.float32, "value": np.float64}
        return cls(**{each: values.astype(exact.get(each, np.int64)) for each, values in found.items()})

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        """Return what `of` takes, small enough to ship."""
        small = {"column": np.int16, "threshold": np.float32, "value": np.float32}
        return {
            f"{name}.{each.name}": getattr(self, each.name).astype(small.get(each.name, np.int32))
            for each in fields(self)
        }

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Return the answers to n x columns figures, n x outputs."""
        rows = np.asarray(rows, np.float32)
        nodes = np.tile(self.roots, (len(rows), 1))
        which = np.arange(len(rows))[:, None]
        while (inner := self.column[nodes] >= 0).any():
            left = rows[which, self.column[nodes]] <= self.threshold[nodes]
            nodes = np.where(inner, np.where(left, self.left[nodes], self.right[nodes]), nodes)
        return np.asarray(self.value[nodes].mean(axis=1))
