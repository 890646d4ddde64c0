import numpy as np
import pytest

from engine.kernels.trust import Verdict, judge, unchanged, worst_place


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


@pytest.mark.parametrize("right", [0.2, float("nan")], ids=["unlikely", "unknown"])
@pytest.mark.parametrize("worst", [1.2, 3.0])
def test_nothing_good_is_said_of_a_sharp_result_by_a_kernel_that_may_be_wrong(worst: float, right: float):
    assert judge(worst, sharp=True, right=right) is Verdict.UNSURE
    assert judge(6.0, sharp=True, right=right) is Verdict.CHANGED
    assert judge(1.2, sharp=False, right=right) is Verdict.BLURRED


def test_less_than_the_noise_is_no_change():
    rng = np.random.default_rng(0)
    photo = rng.normal(0.5, 0.02, (300, 200, 3)).astype(np.float32)
    assert unchanged(photo, photo.copy(), 0.02)
    assert unchanged(photo, photo + np.float32(0.003), 0.02)
    assert not unchanged(photo, photo + np.float32(0.01), 0.02)


def test_the_worst_place_is_not_sought_at_the_border():
    residual = np.ones((100, 100), np.float32)
    residual[:14] = 50
    assert worst_place(residual, (4, 4), 0.01) == 1
    residual[40:60, 40:60] = 9
    assert worst_place(residual, (4, 4), 0.01) == 9


def test_small_errors_count_as_noise_even_without_noise():
    assert worst_place(np.full((50, 50), 4, np.float32), (2, 2), 0.001) == pytest.approx(0.4)
    assert worst_place(np.full((50, 50), 4, np.float32), (2, 2), 0.02) == 4


def test_only_a_result_by_an_almost_certain_kernel_is_called_well():
    assert judge(1.2, sharp=True, right=0.6) is Verdict.PARTLY
    assert judge(1.2, sharp=True, right=0.8) is Verdict.WELL
