"""What the method decides from a photo: where it looks, and how many scales it takes."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.networks.learned_deconv.choosing import extent, flat, luma, scales_needed, strongest_window


def box(side, size=33):
    kernel = np.zeros((size, size), np.float32)
    low = size // 2 - side // 2
    kernel[low : low + side, low : low + side] = 1 / side**2
    return kernel


@given(st.integers(0, 16))
def test_extent_holds_the_mass_and_no_more(half):
    side = 2 * half + 1
    assert side - 2 <= extent(box(side)) <= side


def test_faint_noise_has_no_extent():
    kernel = box(5) + 0.001
    assert extent(kernel) == 5


@pytest.mark.parametrize(("side", "scales"), [(1, 1), (17, 1), (21, 2), (25, 2), (33, 3)])
def test_as_many_scales_as_the_kernel_is_large(side, scales):
    assert scales_needed(box(side), (17, 25, 33)) == scales


def test_the_largest_scale_takes_what_is_larger_still():
    assert scales_needed(box(33), (17,)) == 1


def test_the_window_lies_where_the_edges_are():
    picture = torch.full((300, 400), 0.5)
    picture[150:250, 200:300] = torch.rand(100, 100)
    top, left = strongest_window(picture, 128)
    assert 122 <= top <= 150
    assert 172 <= left <= 200


@given(st.integers(1, 70), st.integers(1, 70), st.integers(20, 64))
def test_the_window_lies_within_the_picture(height, width, side):
    top, left = strongest_window(torch.rand(height, width), side)
    assert 0 <= top <= max(height - side, 0)
    assert 0 <= left <= max(width - side, 0)


def test_flat_pictures_tell_nothing():
    assert flat(torch.full((20, 20), 0.3))
    assert flat(torch.rand(1, 20))
    assert not flat(torch.rand(20, 20))


def test_luma_of_grey_is_grey():
    grey = torch.rand(2, 1, 4, 5)
    torch.testing.assert_close(luma(grey.expand(2, 3, 4, 5)), grey)
    torch.testing.assert_close(luma(grey), grey)
