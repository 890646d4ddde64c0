import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UserError
from engine.networks.method import Scaling
from engine.photos.photo import Photo
from engine.restoration.memory import LEAST_BUDGET, LEAST_TILE, beside, cut

SCALING = Scaling(multiple=4, overlap=10, tile=1000, bytes_per_pixel=100, tile_bytes_per_pixel=10)


def test_a_picture_that_fits_goes_as_a_whole():
    pieces = cut((300, 500), SCALING, budget=300 * 500 * 100)
    assert pieces.whole
    assert pieces.grid.count == 1


def test_a_long_thin_picture_that_fits_goes_as_a_whole():
    assert cut((1, 5000), SCALING, budget=10**7).whole


@given(st.integers(1, 9000), st.integers(1, 9000), st.integers(10**6, 10**9))
def test_no_tile_takes_more_than_the_budget(height, width, budget):
    pieces = cut((height, width), SCALING, budget)
    area = pieces.grid.rows.side * pieces.grid.columns.side
    each = SCALING.bytes_per_pixel if pieces.whole else SCALING.tile_bytes_per_pixel
    assert area * each <= 1.05 * budget


def test_tiles_are_no_larger_than_the_method_likes():
    pieces = cut((5000, 5000), SCALING, budget=10**10 // 8)
    assert not pieces.whole
    assert pieces.grid.rows.side <= SCALING.tile


def test_the_user_has_the_last_word_on_tiles():
    pieces = cut((300, 500), SCALING, budget=10**9, tile=128)
    assert not pieces.whole
    assert pieces.grid.columns.side <= 128


def test_tiles_do_not_become_useless_when_memory_is_short():
    assert cut((3000, 3000), SCALING, budget=1).grid.rows.side >= LEAST_TILE - SCALING.multiple


def test_a_network_of_one_size_gets_that_size():
    pieces = cut((112, 96), Scaling(fixed=(112, 96), bytes_per_pixel=10**6), budget=1)
    assert pieces.whole
    assert (pieces.grid.rows.side, pieces.grid.columns.side) == (112, 96)


def test_a_budget_holds_photo_result_and_network():
    photo = Photo(np.zeros((100, 200, 3), np.float32))
    assert beside(photo, None) is None
    assert beside(photo, 2 * photo.pixels.nbytes + LEAST_BUDGET) == LEAST_BUDGET
    with pytest.raises(UserError, match="200 x 100 px takes 401 MB at least, and the memory budget is 400 MB"):
        beside(photo, LEAST_BUDGET)
