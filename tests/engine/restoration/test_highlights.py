"""Clipped highlights stay white and get no dark rings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from engine.restoration.highlights import with_lights_kept


def lamp(size=96, channels=3):
    """Return a clipped disc of 9 px on grey with a gradient, and the result of a network that makes rings."""
    rows, columns = np.mgrid[:size, :size]
    photo = np.repeat((0.3 + 0.1 * columns / size)[..., np.newaxis], channels, axis=2).astype(np.float32)
    photo[(rows - 48) ** 2 + (columns - 48) ** 2 <= 81] = 1
    rings = gaussian_filter(photo, (2, 2, 0)) - gaussian_filter(photo, (5, 5, 0))
    return photo, np.clip(photo + 1.5 * rings, 0, 1).astype(np.float32)


@pytest.mark.parametrize("channels", [1, 3])
def test_no_ring_is_darker_than_the_surroundings_of_the_lamp(channels):
    photo, ringing = lamp(channels=channels)
    background = photo[photo < 1].min()
    assert ringing.min() < background - 0.1
    kept = with_lights_kept(photo, ringing.copy())
    assert kept.min() > background - 0.02
    np.testing.assert_array_equal(kept[photo == 1], 1)


def test_strips_are_invisible_and_distant_pixels_stay(monkeypatch):
    photo, ringing = lamp()
    whole = with_lights_kept(photo, ringing.copy())
    monkeypatch.setattr("engine.restoration.highlights._ROWS", 7)
    np.testing.assert_array_equal(with_lights_kept(photo, ringing.copy()), whole)
    np.testing.assert_array_equal(whole[:10, :10], ringing[:10, :10])


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 999), level=st.floats(0.1, 0.99))
def test_nothing_changes_without_clipped_light(seed, level):
    random = np.random.default_rng(seed)
    photo = (random.random((20, 30, 3)) * level).astype(np.float32)
    restored = random.random((20, 30, 3)).astype(np.float32)
    np.testing.assert_array_equal(with_lights_kept(photo, restored.copy()), restored)


def test_contrast_beside_a_light_may_still_grow_within_the_existing_range():
    photo, _ = lamp()
    photo[:, 60:64] = 0.05  # a dark post beside the lamp
    restored = photo.copy()
    restored[:, 58:66] -= np.float32(0.2)
    kept = with_lights_kept(photo, restored.clip(0, 1))
    assert kept[48, 58, 0] < photo[48, 58, 0]  # the slope of the post may get steeper
    assert kept.min() >= 0


@pytest.mark.slow
def test_the_real_network_leaves_no_ring_round_lamps():
    from engine.engine import Engine
    from engine.photos.photo import Photo
    from engine.request import Request
    from engine.weights import WeightsError

    rows, columns = np.mgrid[:128, :160]
    light = np.full((128, 160, 3), 0.18, np.float32)
    for row, column, radius in ((40, 45, 4), (85, 110, 8), (70, 60, 1)):
        light[(rows - row) ** 2 + (columns - column) ** 2 <= radius**2] = 8
    smeared = sum(np.roll(light, (round(0.4 * step), step), axis=(0, 1)) for step in range(-7, 8)) / 15
    noisy = smeared + np.random.default_rng(0).normal(0, 0.003, smeared.shape)
    photo = (noisy.clip(0, 1) ** (1 / 2.2)).astype(np.float32)
    try:
        with Engine() as engine:
            restored = engine.run(Request(method="wrfn", region="whole", device="cpu"), Photo(photo)).pixels
    except WeightsError:
        pytest.skip("the weights of wrfn are not installed")
    ring = gaussian_filter((photo.max(axis=2) >= 0.995).astype(float), 4) > 0.01
    assert np.percentile(restored[ring], 1) > np.percentile(photo[ring], 1) - 0.03
    assert restored[photo >= 0.999].min() > 0.99
