import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernels.patches import patches, squares


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 4), st.integers(1, 4), st.integers(0, 12))
def test_windows_sum_to_one(height: int, width: int, rows: int, columns: int, overlap: int):
    rows, columns = min(rows, max(height // 24, 1)), min(columns, max(width // 24, 1))
    total = np.zeros((height, width))
    for patch in patches((height, width), (rows, columns), overlap):
        assert patch.window.min() >= 0
        total[patch.rows, patch.columns] += patch.window
    np.testing.assert_allclose(total, 1, atol=1e-5)


def test_the_rim_between_two_patches_has_no_weight():
    left, right = patches((20, 100), (1, 2), 20, rim=5)
    assert left.columns == slice(0, 60)
    assert right.columns == slice(40, 100)
    assert np.all(left.window[:, -5:] < 1e-6)
    assert np.all(right.window[:, :5] < 1e-6)
    assert left.centre == (24.5, 9.5)


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 5), st.integers(1, 5))
def test_squares_lie_evenly_from_edge_to_edge(height: int, width: int, rows: int, columns: int):
    found = list(squares((height, width), 60, (rows, columns)))
    assert len(found) == rows * columns
    assert {(down.stop - down.start, across.stop - across.start) for down, across in found} == {
        (min(60, height), min(60, width))
    }
    assert found[0][0].start == found[0][1].start == 0
    assert rows == 1 or found[-1][0].stop == height
    assert columns == 1 or found[-1][1].stop == width
