import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.embedding.pairs import best_threshold, verification_accuracy

PAIRS = st.lists(st.tuples(st.integers(-20, 20), st.booleans()), min_size=1, max_size=30)


def mistakes(values: np.ndarray, same: np.ndarray, threshold: float) -> int:
    return int(((values > threshold) != same).sum())


@given(PAIRS)
def test_no_threshold_makes_fewer_mistakes(pairs):
    values = np.array([v for v, _ in pairs], float)
    same = np.array([s for _, s in pairs])
    best = mistakes(values, same, best_threshold(values, same))
    assert best == min(mistakes(values, same, t) for t in np.arange(-21, 21, 0.5))


def test_pairs_that_a_threshold_parts_are_all_right():
    same = np.arange(100) % 2 == 0
    assert verification_accuracy(same + 0.3 * np.sin(np.arange(100)), same) == 1


def test_the_threshold_comes_from_the_other_folds():
    # One different pair is above all same pairs, one same pair below all different ones: both are classified wrongly.
    similarities = np.array([0.8] * 20 + [0.2] * 20)
    same = np.array([True] * 20 + [False] * 20)
    similarities[0], similarities[39] = 0.1, 0.9
    assert verification_accuracy(similarities, same) == pytest.approx(38 / 40)


def test_chance_is_a_half_whatever_the_order():
    rng = np.random.default_rng(0)
    similarities = rng.random(2000)
    same = np.arange(2000) < 1000
    assert verification_accuracy(similarities, same) == pytest.approx(0.5, abs=0.05)


def test_only_the_order_of_the_similarities_counts():
    rng = np.random.default_rng(1)
    same = rng.random(200) < 0.5
    similarities = rng.random(200) + 0.3 * same
    assert verification_accuracy(similarities, same) == verification_accuracy(100 * similarities - 7, same)
