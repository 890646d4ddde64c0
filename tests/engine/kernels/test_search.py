import numpy as np
import pytest
from skimage import data

from engine.errors import Cancelled
from engine.kernels.blurring import add_noise, blur
from engine.kernels.estimation import similarity
from engine.kernels.families import draw_kernel, linear_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.moving import centred
from engine.kernels.search import Search, search

CAMERA = (data.camera() / 255).astype(np.float32)
PATH = Kernel(centred(draw_kernel("trajectory", 41, np.random.default_rng(3))))


def photographed(kernel: Kernel) -> np.ndarray:
    return add_noise(blur(CAMERA, kernel), 0.005, np.random.default_rng(1)).clip(0, 1)


def test_a_large_kernel_is_found_where_more_is_looked_for_than_there_is():
    found = Kernel(search(photographed(PATH), Search(45, 20)))
    assert similarity(found, PATH) > 0.75
    assert found.values.sum() == pytest.approx(1)


def test_a_short_one_is_found_too():
    line = Kernel(linear_kernel(9, 30))
    assert similarity(Kernel(search(photographed(line)[:256, 100:356], Search(15, 20))), line) > 0.8


def test_a_flat_picture_tells_no_kernel():
    with pytest.raises(ValueError, match="no edge"):
        search(np.full((64, 64), 0.5, np.float32), Search(15, 20))


def test_the_search_can_be_called_off_in_any_round():
    rounds = []

    def stop() -> None:
        rounds.append(1)
        if len(rounds) == 7:
            raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        search(CAMERA[:128, :128], Search(15, 20), stop)
    assert len(rounds) == 7
