import cv2
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


def line(length, degrees):
    kernel = np.zeros((length + 4, length + 4), np.float32)
    for step in np.linspace(-length / 2, length / 2, 40 * length):
        x, y = (length + 3) / 2 + step * np.cos(degrees), (length + 3) / 2 - step * np.sin(degrees)
        kernel[round(float(y)), round(float(x))] += 1
    return kernel / kernel.sum()


@settings(max_examples=20, deadline=None)
@given(st.floats(0, np.pi))
def test_motion_in_any_direction_is_seen(degrees):
    moved = cv2.filter2D(ASTRONAUT, -1, line(11, degrees))
    assert sharpness(moved, BOX) < 0.6 * sharpness(ASTRONAUT, BOX)


@pytest.mark.parametrize(("grain", "most"), [(0.1, 0.1), (0.2, 0.45), (0.35, 0.7)])
def test_motion_in_a_face_full_of_texture_is_seen(grain, most):
    """A freckled face has more fine energy after a long motion than a smooth one has before it."""
    y, x = np.mgrid[:256, :256] / 256
    shape = 0.5 + 0.2 * np.sin(9 * x) * np.cos(7 * y)
    freckles = gaussian_filter(np.random.default_rng(2).normal(0, 1, (256, 256)), 1.2)
    face = np.repeat((shape + grain * freckles)[..., None], 3, 2).astype(np.float32).clip(0, 1)
    moved = cv2.filter2D(face, -1, line(11, 0.4))
    assert sharpness(face, (0, 0, 256, 256)) == 1
    assert sharpness(moved, (0, 0, 256, 256)) <= most


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
