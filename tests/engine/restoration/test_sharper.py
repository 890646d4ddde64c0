import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data

from engine.kernels.blurring import add_noise
from engine.restoration.sharper import sharper_anywhere

SHARP = (data.astronaut()[:300, 60:400] / 255).astype(np.float32)
SOFT = cv2.GaussianBlur(SHARP, (0, 0), 2)


def test_what_sharpens_counts_and_what_smooths_does_not():
    assert sharper_anywhere(SOFT, SHARP)
    assert not sharper_anywhere(SHARP, SOFT)
    assert not sharper_anywhere(SHARP, SHARP)


@given(top=st.integers(0, 172), left=st.integers(0, 212))
def test_one_part_is_enough_wherever_it_is(top, left):
    after = SOFT.copy()
    after[top : top + 128, left : left + 128] = SHARP[top : top + 128, left : left + 128]
    assert sharper_anywhere(SOFT, after)


def test_noise_that_is_gone_is_no_loss_of_sharpness():
    noisy = add_noise(SHARP, 0.03, np.random.default_rng(0)).clip(0, 1)
    assert not sharper_anywhere(noisy, SHARP)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 200, 3), (3, 5, 3), (200, 130, 3)])
def test_a_picture_without_edges_does_not_tell(shape):
    flat = np.full(shape, 0.5, np.float32)
    assert sharper_anywhere(flat, flat)
