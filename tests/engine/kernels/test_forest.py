import numpy as np
import pytest

from engine.kernels.forest import Forest

# Two trees: one asks whether figure 1 is at most 0.5 and then figure 0 at most 2, the other answers 10 at once.
TWO = Forest(
    roots=np.array([0, 5]),
    column=np.array([1, -1, 0, -1, -1, -1]),
    threshold=np.array([0.5, 0, 2, 0, 0, 0], np.float32),
    left=np.array([1, 0, 3, 0, 0, 0]),
    right=np.array([2, 0, 4, 0, 0, 0]),
    value=np.array([[0], [1], [0], [2], [3], [10]], float),
)


def test_a_forest_answers_the_mean_of_its_trees():
    answers = TWO(np.array([[0, 0.5], [2, 0.6], [3, 0.6]]))
    assert answers[:, 0].tolist() == [5.5, 6, 6.5]


def test_a_forest_is_the_same_after_it_was_kept():
    kept = Forest.of(TWO.arrays("rank"), "rank")
    rows = np.random.default_rng(0).uniform(-1, 4, (20, 2))
    assert np.array_equal(kept(rows), TWO(rows))
    with pytest.raises(KeyError):
        Forest.of(TWO.arrays("rank"), "gain")
