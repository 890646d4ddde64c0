import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.restoration.strength import blend

RNG = np.random.default_rng(0)
ORIGINAL = RNG.random((20, 30, 3), dtype=np.float32)
RESTORED = RNG.random((20, 30, 3), dtype=np.float32)


def test_nothing_at_zero_and_all_at_one():
    assert (blend(ORIGINAL, RESTORED, 0) == ORIGINAL).all()
    assert (blend(ORIGINAL, RESTORED, 0, high_frequencies_only=True) == ORIGINAL).all()
    assert (blend(ORIGINAL, RESTORED, 1) == RESTORED).all()


@given(st.floats(0, 1))
def test_linear_in_between(strength):
    expected = (1 - strength) * ORIGINAL + strength * RESTORED
    np.testing.assert_allclose(blend(ORIGINAL, RESTORED, strength), expected, atol=1e-6)


def test_the_inputs_stay_as_they_were():
    before, after = ORIGINAL.copy(), RESTORED.copy()
    blend(before, after, 0.5)
    blend(before, after, 0.5, high_frequencies_only=True)
    assert (before == ORIGINAL).all() and (after == RESTORED).all()


def test_high_frequencies_alone_leave_the_tones():
    shifted = ORIGINAL * 0.5 + 0.25
    brighter = shifted + np.float32(0.1)
    np.testing.assert_allclose(blend(shifted, brighter, 1, high_frequencies_only=True), shifted, atol=1e-5)
