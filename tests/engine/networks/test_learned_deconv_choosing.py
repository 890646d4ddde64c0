"""Where the method looks in a photo."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.networks.learned_deconv.choosing import flat, strongest_window


def test_the_window_is_at_the_edges():
    picture = torch.full((300, 400), 0.5)
    picture[150:250, 200:300] = torch.rand(100, 100)
    top, left = strongest_window(picture, 128)
    assert 122 <= top <= 150
    assert 172 <= left <= 200


@given(st.integers(1, 70), st.integers(1, 70), st.integers(20, 64))
def test_the_window_is_inside_the_picture(height, width, side):
    top, left = strongest_window(torch.rand(height, width), side)
    assert 0 <= top <= max(height - side, 0)
    assert 0 <= left <= max(width - side, 0)


def test_flat_pictures_show_no_blur():
    assert flat(torch.full((20, 20), 0.3))
    assert flat(torch.rand(1, 20))
    assert not flat(torch.rand(20, 20))
