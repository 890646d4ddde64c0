import numpy as np
import pytest

from engine.networks.views import UPRIGHT, View, views

PIXELS = np.arange(2 * 3 * 3).reshape(2, 3, 3)


@pytest.mark.parametrize("view", views(8))
def test_each_view_comes_back_without_a_copy(view: View):
    turned = view.of(PIXELS)
    assert turned.shape[:2] == ((2, 3) if view.quarters % 2 == 0 else (3, 2))
    assert np.array_equal(view.back(turned), PIXELS)
    assert np.shares_memory(turned, PIXELS) and np.shares_memory(view.back(turned), PIXELS)


def test_all_eight_views_differ_and_the_upright_one_comes_first():
    seen = {view.of(PIXELS).tobytes() for view in views(8)}
    assert len(seen) == 8
    assert views(1) == (UPRIGHT,) and views(2) == (UPRIGHT, View(mirrored=True))


def test_a_mirrored_view_is_mirrored_from_left_to_right():
    assert np.array_equal(View(mirrored=True).of(PIXELS), PIXELS[:, ::-1])
