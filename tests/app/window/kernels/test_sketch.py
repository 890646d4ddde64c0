import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.window.kernels.sketch import LARGEST, Sketch
from engine.kernels.kernel import Kernel

sides = st.integers(2, 30).map(lambda half: 2 * half + 1)


def test_a_stroke_is_as_thick_as_the_pen():
    drawn = Sketch.blank(21).stroke((3.5, 10.5), (17.5, 10.5), 3)
    assert drawn.ink[:, 10].sum() == pytest.approx(3, abs=0.1)
    assert not drawn.empty and drawn.ink[0].sum() == 0


def test_strokes_can_be_erased():
    drawn = Sketch.blank(11).stroke((5.5, 5.5), (5.5, 5.5), 2)
    assert drawn.stroke((5.5, 5.5), (5.5, 5.5), 6, erase=True).empty


@settings(max_examples=30, deadline=None)
@given(sides, sides)
def test_a_larger_grid_keeps_the_drawing_in_the_middle(side, other):
    drawn = Sketch.blank(side).stroke((side / 2, side / 2), (side / 2 + 1, side / 2), 1)
    again = drawn.resized(max(side, other)).resized(side)
    assert np.array_equal(again.ink, drawn.ink)


def test_mirrored_twice_is_the_same():
    drawn = Sketch.blank(9).stroke((1, 2), (7, 5), 2)
    assert np.array_equal(drawn.mirrored().mirrored().ink, drawn.ink)
    assert not np.array_equal(drawn.mirrored().ink, drawn.ink)


def test_a_kernel_comes_back_as_it_was():
    values = np.random.default_rng(0).random((7, 13), np.float32)
    back = Sketch.of(Kernel(values)).kernel().values[3:10]
    np.testing.assert_allclose(back, values / values.sum(), atol=1e-6)


def test_a_kernel_beyond_the_largest_grid_is_cut():
    assert Sketch.of(Kernel(np.ones((LARGEST + 2, 3), np.float32))).side == LARGEST


def test_nothing_drawn_is_no_kernel():
    with pytest.raises(ValueError):
        Sketch.blank(5).kernel()
