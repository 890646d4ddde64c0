import numpy as np
import pytest

from engine.kernels.families import linear_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.trust import Verdict, is_sharp, judge, unchanged, worst_place


@pytest.mark.parametrize(
    ("worst", "sharp", "verdict"),
    [
        (1.2, True, Verdict.WELL),
        (1.2, False, Verdict.BLURRED),
        (3.0, True, Verdict.PARTLY),
        (6.0, False, Verdict.UNEVEN),
        (6.0, True, Verdict.CHANGED),
        (30.0, False, Verdict.CHANGED),
    ],
)
def test_the_verdict_follows_residual_and_sharpness(worst: float, sharp: bool, verdict: Verdict):
    assert judge(worst, sharp) is verdict


def test_a_picture_is_sharp_when_its_relation_is_all_of_the_blur():
    blur = Kernel(linear_kernel(13, 30))
    delta = Kernel(np.ones((1, 1)))
    assert is_sharp(blur, blur)
    assert not is_sharp(delta, blur)
    assert not is_sharp(Kernel(linear_kernel(5, 30)), blur)
    assert is_sharp(delta, Kernel(np.array([[0, 0.1, 0], [0.1, 0.6, 0.1], [0, 0.1, 0]])))


def test_less_than_the_noise_is_no_change():
    rng = np.random.default_rng(0)
    photo = rng.normal(0.5, 0.02, (300, 200, 3)).astype(np.float32)
    assert unchanged(photo, photo.copy())
    assert unchanged(photo, photo + np.float32(0.003))
    assert not unchanged(photo, photo + np.float32(0.01))


def test_the_worst_place_is_not_sought_at_the_border():
    residual = np.ones((100, 100), np.float32)
    residual[:14] = 50
    assert worst_place(residual, (4, 4), 0.01) == 1
    residual[40:60, 40:60] = 9
    assert worst_place(residual, (4, 4), 0.01) == 9


def test_small_errors_count_as_noise_even_without_noise():
    assert worst_place(np.full((50, 50), 4, np.float32), (2, 2), 0.001) == pytest.approx(0.8)
    assert worst_place(np.full((50, 50), 4, np.float32), (2, 2), 0.02) == 4
