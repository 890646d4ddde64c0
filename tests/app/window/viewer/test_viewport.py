import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.window.viewer.viewport import LARGEST_SCALE, SMALLEST_SCALE, Viewport

sizes = st.integers(1, 9000)
views = st.floats(50, 4000)


def viewport(photo=(6000, 4000), view=(1200.0, 800.0)):
    return Viewport(photo, view).fit()


def test_fit_shows_the_whole_photo():
    fitted = viewport()
    assert fitted.scale == pytest.approx(0.2)
    assert fitted.to_view(0, 0) == pytest.approx((0, 0)) and fitted.to_view(6000, 4000) == pytest.approx((1200, 800))


def test_fit_enlarges_a_small_photo_at_most_twice():
    assert viewport(photo=(30, 20)).scale == 2


@given(st.floats(0, 1200), st.floats(0, 800), st.floats(0.3, 64))
def test_the_point_under_the_pointer_stays(x, y, scale):
    near = viewport().zoomed(1.0, (600, 400))
    point = near.to_photo(x, y)
    assume(0 <= point[0] <= 6000 and 0 <= point[1] <= 4000)
    zoomed = near.zoomed(scale, (x, y))
    assume(0 < zoomed.x < 6000 and 0 < zoomed.y < 4000)
    assert zoomed.to_view(*point) == pytest.approx((x, y), abs=1 + scale)


@given(sizes, sizes, views, views, st.floats(-9000, 9000), st.floats(-9000, 9000), st.floats(0.02, 30))
def test_the_photo_is_never_lost(width, height, across, down, dx, dy, scale):
    moved = Viewport((width, height), (across, down)).fit().zoomed(scale, (3, 5)).panned(dx, dy)
    left, top = moved.origin()
    assert left <= across and left + width * moved.scale >= -1
    assert top <= down and top + height * moved.scale >= -1


def test_a_photo_that_fits_is_centred_and_cannot_be_moved():
    small = viewport(photo=(100, 100)).zoomed(1, (10, 10)).panned(300, 300)
    assert (small.x, small.y) == (50, 50)


@pytest.mark.parametrize(("asked", "got"), [(1000, LARGEST_SCALE), (0.00001, SMALLEST_SCALE)])
def test_the_scale_has_bounds(asked, got):
    assert viewport().zoomed(asked, (0, 0)).scale == got


def test_steps_are_round_and_reach_both_ends():
    near = viewport()
    seen = []
    while near.scale < LARGEST_SCALE:
        near = near.stepped(1, (600, 400))
        seen.append(near.scale)
    assert 1 in seen and 2 in seen
    assert seen == sorted(seen)


def test_a_fitted_photo_stays_fitted_when_the_window_grows():
    assert viewport().resized((2400.0, 1600.0)).scale == pytest.approx(0.4)
    assert viewport().zoomed(1, (0, 0)).resized((2400.0, 1600.0)).scale == 1
