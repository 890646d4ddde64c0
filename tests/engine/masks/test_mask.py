import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.masks.making import mask_of_faces
from engine.masks.mask import TILE, Mask
from engine.restoration.strength import area

SIZE = 700, 300


@pytest.fixture
def values():
    return np.random.default_rng(0).integers(0, 256, (300, 700), np.uint8)


def test_values_come_back(values):
    assert (Mask.of(values).values() == values).all()
    assert (Mask.filled(SIZE, 7).values() == 7).all()


BEFORE = np.random.default_rng(1).integers(0, 256, (300, 700), np.uint8)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 690), st.integers(0, 290), st.integers(1, 700), st.integers(1, 300))
def test_a_box_alone_is_replaced(left, top, width, height):
    box = left, top, min(left + width, 700), min(top + height, 300)
    part = np.full((box[3] - box[1], box[2] - box[0]), 9, np.uint8)
    expected = BEFORE.copy()
    expected[box[1] : box[3], box[0] : box[2]] = 9
    mask = Mask.of(BEFORE)
    after = mask.replaced(box, part)
    assert (after.values() == expected).all() and (mask.values() == BEFORE).all()
    assert (after.region(box) == 9).all()


def test_versions_share_what_is_the_same(values):
    mask = Mask.of(values)
    after = mask.replaced((5, 5, 20, 20), np.zeros((15, 15), np.uint8))
    assert after.tiles[1][2] is mask.tiles[1][2] and after.tiles[0][0] is not mask.tiles[0][0]
    assert after.changed(mask) == (0, 0, TILE, TILE)
    assert mask.replaced((5, 5, 20, 20), values[5:20, 5:20]) is mask
    assert mask.changed(mask) is None


def test_a_plain_mask_takes_no_memory():
    assert all(tile.strides == (0, 0) for row in Mask.of(np.full((300, 700), 3, np.uint8)).tiles for tile in row)


def test_an_inverted_mask_is_the_rest(values):
    assert (Mask.of(values).inverted().values() == 255 - values).all()


def test_one_value_or_several(values):
    assert Mask.filled(SIZE, 255).value == 255 and Mask.of(values).value is None


def test_faces_are_full_in_the_middle_and_nothing_lies_beyond_their_areas():
    boxes = [(100.0, 100.0, 160.0, 160.0), (-50.0, 200.0, 30.0, 290.0), (900.0, 0.0, 950.0, 50.0)]
    values = mask_of_faces(SIZE, boxes).values()
    assert values[130, 130] == 255 and values[250, 5] == 255
    outside = np.ones(values.shape, bool)
    for box in boxes:
        left, top, right, bottom = (max(side, 0) for side in area(box))
        outside[top:bottom, left:right] = False
    assert outside.any() and not values[outside].any()


def test_without_faces_nothing_is_seen():
    assert mask_of_faces(SIZE, []).value == 0
