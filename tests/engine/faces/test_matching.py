import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from engine.faces.matching import match_colour, match_grain


def gradient(height=160, width=160):
    y, x = np.mgrid[:height, :width] / height
    return (0.3 + 0.3 * np.stack([x, y, (x + y) / 2], 2)).astype(np.float32)


def noise(sigma, seed=1, shape=(160, 160, 3)):
    return np.random.default_rng(seed).normal(0, sigma, shape).astype(np.float32)


def test_a_colour_cast_is_taken_off():
    cast = np.array([0.06, -0.03, 0.01], np.float32)
    matched = match_colour(gradient() + cast, gradient())
    assert np.abs(matched - gradient()).max() < 1e-5


def test_a_slow_tone_shift_is_taken_off_and_edges_stay():
    sharp = gradient()
    sharp[:, 80:82] += 0.2
    blurred = gaussian_filter(sharp, (0, 4, 0))
    shifted = sharp + 0.08 * np.linspace(0, 1, 160, dtype=np.float32)[:, None, None]
    matched = match_colour(shifted, blurred)
    assert np.abs((matched - sharp)[20:-20]).max() < 0.02
    contrast = matched[80, 80] - matched[80, 70]
    assert (contrast > 0.17).all()


def test_the_mask_keeps_what_it_hides_out_of_the_comparison():
    restored = gradient()
    restored[:, :40] = 1
    mask = np.ones((160, 160), np.float32)
    mask[:, :40] = 0
    matched = match_colour(restored, gradient(), mask)
    assert np.abs((matched - gradient())[:, 40:]).max() < 1e-5


def test_black_and_white_stays_neutral():
    grey = np.repeat(gradient()[..., :1], 3, 2)
    matched = match_grain(match_colour(grey + noise(0.02), grey), grey + noise(0.02)[..., :1])
    assert np.ptp(matched, axis=2).max() < 1e-6


@pytest.mark.parametrize("sigma", [0.01, 0.03])
@pytest.mark.parametrize("correlation", [0.0, 0.8])
def test_grain_comes_back_at_the_level_it_had(sigma, correlation):
    grainy = gradient() + gaussian_filter(noise(sigma), (correlation, correlation, 0))
    matched = match_grain(gradient(), grainy)
    level = np.std(grainy - gradient(), axis=(0, 1))
    np.testing.assert_allclose(np.std(matched - gradient(), axis=(0, 1)), level, rtol=0.25)


def test_grain_keeps_the_correlation_of_the_channels():
    grainy = gradient() + noise(0.03)[..., :1]
    added = match_grain(gradient(), grainy) - gradient()
    assert np.corrcoef(added[..., 0].ravel(), added[..., 2].ravel())[0, 1] > 0.98


def test_grain_that_is_there_is_not_doubled():
    grainy = gradient() + noise(0.03)
    matched = match_grain(grainy, gradient() + noise(0.03, seed=2))
    assert np.std(matched - grainy) < 0.01


def test_clean_photos_get_no_grain():
    assert np.abs(match_grain(gradient(), gradient()) - gradient()).max() < 1e-5


def test_grain_is_reproducible():
    grainy = gradient() + noise(0.02)
    first, again, other = (match_grain(gradient(), grainy, seed=seed) for seed in (7, 7, 8))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


@pytest.mark.parametrize("shape", [(1, 1, 3), (5, 40, 3), (9, 8, 3)])
def test_tiny_crops_pass(shape):
    pixels = np.full(shape, 0.5, np.float32)
    matched = match_grain(match_colour(pixels, pixels), pixels)
    np.testing.assert_allclose(matched, pixels, atol=1e-6)
