import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.kernels import transforms


@given(height=st.integers(1, 40), width=st.integers(1, 40), seed=st.integers(0, 9))
def test_back_and_forth_is_the_plane_itself(height: int, width: int, seed: int):
    plane = np.random.default_rng(seed).random((2, height, width), np.float32)
    there = transforms.forward(plane)
    assert there.shape == (2, height, width // 2 + 1) and there.dtype == np.complex64
    np.testing.assert_allclose(transforms.backward(there, (height, width)), plane, atol=1e-5)


def test_one_core_gives_what_all_do_and_lasts_no_longer_than_asked():
    plane = np.random.default_rng(0).random((64, 48), np.float32)
    alone = transforms.forward(plane)
    with transforms.on_one_core():
        assert transforms._cores.count == 1
        assert np.array_equal(transforms.forward(plane), alone)
        with transforms.on_one_core():
            pass
        assert transforms._cores.count == 1
    assert transforms._cores.count == -1
