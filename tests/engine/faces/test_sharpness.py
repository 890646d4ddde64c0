import numpy as np
import pytest
import skimage.data
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter, uniform_filter1d

from engine.faces.sharpness import sharpness

BOX = (181.0, 62.0, 269.0, 172.0)
ASTRONAUT = skimage.data.astronaut().astype(np.float32) / 255


def blurred(sigma):
    return gaussian_filter(ASTRONAUT, (sigma, sigma, 0))


def test_a_sharp_photo_is_sharp_and_a_blurred_one_is_not():
    assert sharpness(ASTRONAUT, BOX) > 0.9
    assert sharpness(blurred(6), BOX) < 0.4


@settings(max_examples=20, deadline=None)
@given(st.floats(0.5, 8), st.floats(1.15, 2))
def test_falls_as_a_gaussian_grows(sigma, factor):
    less, more = sharpness(blurred(sigma), BOX), sharpness(blurred(sigma * factor), BOX)
    assert more < less or less == more in (0, 1)


@pytest.mark.parametrize("axis", [0, 1])
def test_falls_as_a_motion_kernel_grows_in_any_direction(axis):
    values = [sharpness(uniform_filter1d(ASTRONAUT, length, axis=axis), BOX) for length in (3, 7, 11, 15, 21)]
    assert values == sorted(values, reverse=True) and values[0] - values[-1] > 0.3


@given(st.floats(0.3, 1), st.floats(0, 0.3))
@settings(max_examples=15, deadline=None)
def test_contrast_and_brightness_do_not_count(contrast, brightness):
    soft = blurred(2)
    assert sharpness(soft * contrast + brightness, BOX) == pytest.approx(sharpness(soft, BOX), abs=0.01)


@pytest.mark.parametrize("sigma", [0, 2, 4])
def test_noise_does_not_look_like_sharpness(sigma):
    noisy = blurred(sigma) + np.random.default_rng(5).normal(0, 0.015, ASTRONAUT.shape).astype(np.float32)
    assert sharpness(noisy, BOX) <= sharpness(blurred(sigma), BOX) + 0.05


def test_bytes_and_floats_agree():
    assert sharpness(skimage.data.astronaut(), BOX) == pytest.approx(sharpness(ASTRONAUT, BOX), abs=1e-4)


def test_a_large_face_is_judged_at_its_canonical_size():
    large = np.kron(ASTRONAUT[40:200, 160:300], np.ones((5, 5, 1), np.float32))
    assert sharpness(large, (0, 0, 700, 800)) > 0.6


@pytest.mark.parametrize("box", [(0, 0, 2, 2), (-50, -50, -10, -10), (600, 600, 700, 700), (10, 10, 10, 90)])
def test_nothing_to_judge_is_zero(box):
    assert sharpness(ASTRONAUT, box) == 0


def test_a_flat_picture_is_not_sharp():
    assert sharpness(np.full((100, 100, 3), 0.5, np.float32), (0, 0, 100, 100)) == 0
