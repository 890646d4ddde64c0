import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage import data

from engine.kernels.blurring import add_noise
from engine.kernels.noise import noise_level
from engine.restoration.sharper import sharper_anywhere

SHARP = (data.astronaut()[:300, 60:400] / 255).astype(np.float32)
SOFT = cv2.GaussianBlur(SHARP, (0, 0), 2)


def sharper(before: np.ndarray, after: np.ndarray) -> bool:
    return sharper_anywhere(before, after, noise_level(before))


def test_sharpening_counts_and_smoothing_does_not():
    assert sharper(SOFT, SHARP)
    assert not sharper(SHARP, SOFT)
    assert not sharper(SHARP, SHARP)


@settings(deadline=None)
@given(top=st.integers(0, 172), left=st.integers(0, 212))
def test_one_part_is_enough_wherever_it_is(top, left):
    after = SOFT.copy()
    after[top : top + 128, left : left + 128] = SHARP[top : top + 128, left : left + 128]
    assert sharper(SOFT, after)


def test_noise_that_is_gone_is_no_loss_of_sharpness():
    noisy = add_noise(SHARP, 0.03, np.random.default_rng(0)).clip(0, 1)
    assert not sharper(noisy, SHARP)


def test_faint_edges_count_if_there_are_no_others():
    assert sharper(0.1 * SOFT, 0.1 * SHARP)
    assert not sharper(0.1 * SHARP, 0.1 * SOFT)


def framed(pixels: np.ndarray) -> np.ndarray:
    """Return wrfn's result for a flat picture: off by up to 20 levels along the border."""
    after = pixels.copy()
    after[:3], after[-3:], after[:, :3], after[:, -3:] = (pixels[0, 0] + 0.08 * sign for sign in (1, -1, -1, 1))
    return after


def rounded(pixels: np.ndarray) -> np.ndarray:
    return ((pixels.clip(0, 1) * 255).round() / 255).astype(np.float32)


@pytest.mark.parametrize("noise", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 3])
def test_nothing_becomes_sharper_without_edges(noise, channels):
    drawn = np.random.default_rng(noise).normal(0.5, noise / 255, (300, 300, channels))
    flat = rounded(np.repeat(drawn, 3 // channels, axis=2))
    assert not sharper(flat, framed(flat))


def test_a_smooth_gradient_has_no_edges():
    gradient = rounded(np.linspace(0.1, 0.9, 300)[:, None, None] * np.ones((1, 300, 3)))
    assert not sharper(gradient, framed(gradient))


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 200, 3), (3, 5, 3), (200, 130, 3)])
def test_pictures_of_any_shape_can_be_flat(shape):
    flat = np.full(shape, 0.5, np.float32)
    assert not sharper(flat, flat)


@pytest.mark.parametrize("period", [2, 3, 5, 8])
@pytest.mark.parametrize("before", [SOFT, SHARP])
def test_a_mesh_is_not_counted_as_sharpness(before, period):
    cell = np.random.default_rng(period).normal(0, 0.1, (period, period, 1))
    mesh = np.tile(cell, (300 // period + 1, 340 // period + 1, 1))[:300, :340]
    assert not sharper(before, (before + mesh).astype(np.float32))


def test_sharpness_under_a_mesh_counts():
    cell = np.random.default_rng(5).normal(0, 0.02, (5, 5, 1))
    mesh = np.tile(cell, (60, 68, 1))
    assert sharper(SOFT, (SHARP + mesh).astype(np.float32))
