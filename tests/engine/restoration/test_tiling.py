import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.restoration.tiling import Grid, restore_tiles, spans

lengths = st.integers(1, 400)


@st.composite
def cuts(draw):
    multiple = draw(st.integers(1, 16))
    return {
        "most": draw(st.integers(16, 200)),
        "overlap": draw(st.integers(0, 150)),
        "multiple": multiple,
        "smallest": draw(st.integers(1, 40)),
    }


@given(lengths, lengths, cuts())
@settings(max_examples=150, deadline=None)
def test_tiles_that_change_nothing_give_the_picture_back(height, width, cut):
    pixels = np.random.default_rng(0).random((height, width, 3), dtype=np.float32)
    grid = Grid(spans(height, **cut), spans(width, **cut))
    out = restore_tiles(pixels, grid, lambda tile, box: tile, lambda *_: None)
    np.testing.assert_allclose(out, pixels, atol=2e-6)


@given(lengths, cuts())
@settings(deadline=None)
def test_stretches_are_equal_in_step_and_cover_the_side(length, cut):
    cut_up = spans(length, **cut)
    assert cut_up.side % cut["multiple"] == 0
    assert all(start % cut["multiple"] == 0 for start in cut_up.starts)
    assert cut_up.side >= cut["smallest"]
    assert cut_up.starts[0] == 0
    assert length <= cut_up.starts[-1] + cut_up.side < max(length, cut["smallest"]) + cut["multiple"]
    steps = np.diff(cut_up.starts)
    assert (steps > 0).all() and (steps <= cut_up.side).all()


@given(st.integers(500, 3000), st.integers(200, 480), st.integers(0, 48), st.integers(1, 8))
@settings(deadline=None)
def test_neighbours_share_the_overlap_that_was_asked_for(length, most, overlap, multiple):
    cut_up = spans(length, most, overlap, multiple)
    shared = cut_up.side - np.diff(cut_up.starts)
    assert (shared >= overlap).all()
    assert cut_up.side <= most


@given(lengths, cuts())
@settings(deadline=None)
def test_windows_sum_to_one(length, cut):
    cut_up = spans(length, **cut)
    total = np.zeros(cut_up.starts[-1] + cut_up.side)
    for start, window in zip(cut_up.starts, cut_up.windows, strict=True):
        assert window.min() >= 0
        total[start : start + cut_up.side] += window
    np.testing.assert_allclose(total, 1, atol=1e-6)


def test_tiles_that_disagree_on_a_gradient_leave_no_step():
    """Neighbours that differ by 4/255 must fade into each other, without a line."""
    ramp = np.linspace(0.2, 0.8, 600, dtype=np.float32)
    pixels = np.repeat(np.repeat(ramp[None, :, None], 300, axis=0), 3, axis=2)
    grid = Grid(spans(300, 200, 40), spans(600, 200, 40))
    sign = iter(np.tile([1, -1], grid.count))
    out = restore_tiles(pixels, grid, lambda tile, box: tile + next(sign) * np.float32(2 / 255), lambda *_: None)
    steps = np.abs(np.diff(out, axis=1)) - (ramp[1] - ramp[0])
    assert steps.max() < 0.4 / 255
    assert np.abs(np.diff(out, axis=0)).max() < 0.4 / 255


def test_the_picture_continues_by_reflection_beyond_its_border():
    pixels = np.arange(7, dtype=np.float32).reshape(1, 7, 1)
    grid = Grid(spans(1, 100, smallest=3), spans(7, 100, multiple=5))
    tile = grid.cut(pixels, 0, 0)
    assert tile.shape == (3, 10, 1)
    assert tile[0, :, 0].tolist() == [0, 1, 2, 3, 4, 5, 6, 5, 4, 3]
    assert (tile == tile[:1]).all()


def test_each_tile_is_reported_with_its_box():
    pixels = np.zeros((30, 70, 3), np.float32)
    grid = Grid(spans(30, 40), spans(70, 40))
    tiles = []
    restore_tiles(
        pixels, grid, lambda tile, box: tile + 1, lambda done, box, tile: tiles.append((done, box, tile.shape))
    )
    assert [done for done, _, _ in tiles] == [1, 2]
    assert all(shape == (box[3] - box[1], box[2] - box[0], 3) for _, box, shape in tiles)
    assert tiles[0][1][0] == 0 and tiles[-1][1][2] == 70


@pytest.mark.parametrize(("length", "count"), [(100, 1), (101, 2), (1000, 10)])
def test_no_more_tiles_than_needed(length, count):
    assert len(spans(length, 100).starts) in (count, count + 1)
