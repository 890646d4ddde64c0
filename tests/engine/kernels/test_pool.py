import threading

import numpy as np
import pytest
from skimage import data

from engine.errors import Cancelled
from engine.kernels import pool
from engine.kernels.blurring import add_noise, blur
from engine.kernels.estimation import similarity
from engine.kernels.families import linear_kernel
from engine.kernels.families.drawing import centre_of_mass
from engine.kernels.kernel import Kernel
from engine.kernels.pool import large_candidates, small_candidates

LINE = Kernel(linear_kernel(9, 30))
PHOTO = add_noise(
    blur((data.astronaut()[40:136, 170:266] / 255).astype(np.float32), LINE), 0.01, np.random.default_rng(1)
).clip(0, 1)


def test_several_kernels_are_found_and_the_true_one_is_among_them():
    shares: list[float] = []
    found = small_candidates(PHOTO, shares.append)
    assert max(similarity(kernel, LINE) for kernel in found) > 0.7
    assert len(found) > 5
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] < 1
    for kernel in found:
        assert np.hypot(*centre_of_mass(kernel.values)) < 0.1


@pytest.mark.usefixtures("few_searches")
def test_the_same_photo_gives_the_same_kernels_in_the_same_order():
    small = PHOTO[:48, :48]
    one, other = small_candidates(small), small_candidates(small)
    assert [kernel.values.tolist() for kernel in one] == [kernel.values.tolist() for kernel in other]


def test_a_stop_ends_every_search():
    before = threading.active_count()

    def stop(share: float) -> None:
        raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        small_candidates(PHOTO, stop)
    assert threading.active_count() == before


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (20, 300)])
def test_a_picture_that_is_too_small_has_no_kernels(shape: tuple[int, int]):
    assert small_candidates(np.random.default_rng(0).random((*shape, 3), dtype=np.float32)) == []


def test_a_flat_picture_has_no_kernels():
    assert small_candidates(np.full((64, 64, 3), 0.5, np.float32)) == []


def test_large_kernels_are_looked_for_in_a_smaller_photo_and_enlarged(monkeypatch):
    monkeypatch.setattr(pool, "LARGE", pool.SMALL[:1])
    monkeypatch.setattr(pool, "SHRUNK", 48)
    one, *_ = large_candidates(PHOTO)
    assert similarity(one, LINE) > 0.5
    monkeypatch.setattr(pool, "SHRUNK", 2400)
    other, *_ = large_candidates(PHOTO)
    assert similarity(other, LINE) > 0.6


def test_a_picture_that_is_too_small_for_a_large_kernel_has_none():
    assert large_candidates(PHOTO) == []
