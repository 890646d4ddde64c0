import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.masks.mask import Mask
from engine.restoration.strength import area, blend

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


FACE = (10.0, 6.0, 18.0, 14.0)


def test_a_face_of_its_own_strength_leaves_the_rest_bit_for_bit():
    blended = blend(ORIGINAL, RESTORED, 1, faces=[(FACE, 0.0)])
    left, top, right, bottom = area(FACE)
    outside = np.ones(ORIGINAL.shape[:2], bool)
    outside[max(top, 0) : bottom, left:right] = False
    assert (blended[outside] == RESTORED[outside]).all()
    assert (blended[10, 14] == ORIGINAL[10, 14]).all()


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_face_as_strong_as_the_photo_changes_nothing(strength, high):
    fine = high > 0.5
    plain = blend(ORIGINAL, RESTORED, strength, fine)
    np.testing.assert_allclose(blend(ORIGINAL, RESTORED, strength, fine, [(FACE, strength)]), plain, atol=1e-6)


@given(st.floats(-40, 40), st.floats(-40, 40), st.floats(1, 30), st.floats(0, 1))
def test_a_face_may_lie_anywhere(left, top, side, strength):
    blended = blend(ORIGINAL, RESTORED, 0.5, faces=[((left, top, left + side, top + side), strength)])
    low, high = np.minimum(ORIGINAL, RESTORED), np.maximum(ORIGINAL, RESTORED)
    assert (blended >= low - 1e-6).all() and (blended <= high + 1e-6).all()


def test_the_whole_at_zero_may_hold_a_face_at_one():
    blended = blend(ORIGINAL, RESTORED, 0, faces=[(FACE, 1.0)])
    assert (blended[10, 14] == RESTORED[10, 14]).all() and (blended[0, 0] == ORIGINAL[0, 0]).all()


def masked(strength=1.0, faces=(), fine=False):
    values = np.zeros((20, 30), np.uint8)
    values[:, 10:20], values[:, 20:] = 128, 255
    return blend(ORIGINAL, RESTORED, strength, fine, faces, mask=Mask.of(values))


@settings(deadline=None)
@given(st.floats(0, 1), st.booleans())
def test_a_mask_leaves_the_original_bit_for_bit_where_it_is_empty(strength, fine):
    blended = masked(strength, [(FACE, 0.7)], fine)
    assert (blended[:, :10] == ORIGINAL[:, :10]).all()


def test_a_full_mask_changes_nothing_and_grey_lies_between():
    blended = masked(0.6)
    plain = blend(ORIGINAL, RESTORED, 0.6)
    assert (blended[:, 20:] == plain[:, 20:]).all()
    between = ORIGINAL + 128 / 255 * (plain - ORIGINAL)
    np.testing.assert_allclose(blended[:, 10:20], between[:, 10:20], atol=1e-6)


def test_a_mask_leaves_the_inputs_as_they_were():
    before, after = ORIGINAL.copy(), RESTORED.copy()
    masked()
    assert (before == ORIGINAL).all() and (after == RESTORED).all()
