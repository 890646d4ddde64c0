import numpy as np
import pytest
from skimage import data

from engine.kernels import estimation
from engine.kernels.blurring import add_noise, blur
from engine.kernels.estimation import estimate_kernel, similarity, telling_window
from engine.kernels.families import FAMILIES, defocus_kernel, draw_kernel, linear_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.noise import noise_level
from engine.kernels.residual import unexplained

ASTRONAUT = (data.astronaut()[:384, :384] / 255).astype(np.float32)


def reblur_residual(blurred, restored, kernel):
    height, width = kernel.values.shape
    return unexplained(blurred, blur(restored, kernel), (height // 2, width // 2), noise_level(blurred))


@pytest.mark.parametrize("family", sorted(FAMILIES))
@pytest.mark.parametrize(("noise", "least"), [(0.0, 0.95), (0.01, 0.9)])
def test_the_kernel_is_found_from_the_pair(family: str, noise: float, least: float):
    rng = np.random.default_rng(11)
    truth = Kernel(draw_kernel(family, 21, rng))
    estimate = estimate_kernel(add_noise(blur(ASTRONAUT, truth), noise, rng), ASTRONAUT)
    assert similarity(estimate, truth) > least


def test_the_kernel_keeps_the_shift_between_the_pictures():
    shifted = np.zeros((9, 9), dtype=np.float32)
    shifted[1, 6] = 1
    estimate = estimate_kernel(blur(ASTRONAUT, Kernel(shifted)), ASTRONAUT, size=9)
    assert np.unravel_index(estimate.values.argmax(), (9, 9)) == (1, 6)
    assert estimate.values.max() > 0.95


def test_identical_pictures_give_a_delta():
    assert estimate_kernel(ASTRONAUT, ASTRONAUT).values.shape == (1, 1)
    assert estimate_kernel(ASTRONAUT, ASTRONAUT, size=5).values[2, 2] > 0.99


def test_grey_pictures_will_do():
    truth = Kernel(linear_kernel(9, 30))
    grey = ASTRONAUT[..., 1]
    assert similarity(estimate_kernel(blur(grey, truth), grey), truth) > 0.95


def test_flat_and_unequal_pictures_are_refused():
    flat = np.full((64, 64, 3), 0.5, dtype=np.float32)
    with pytest.raises(ValueError, match="no edge"):
        estimate_kernel(flat, flat)
    with pytest.raises(ValueError, match="differ in size"):
        estimate_kernel(flat, flat[1:])


def test_the_part_with_detail_of_a_large_photo_is_examined(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(estimation, "WINDOW", 128)
    large = np.full((500, 700, 3), 0.5, dtype=np.float32)
    large[260:388, 390:518] = np.random.default_rng(0).uniform(size=(128, 128, 3))
    rows, columns = telling_window(large)
    assert rows.stop - rows.start == columns.stop - columns.start == 128
    assert abs(rows.start - 260) <= estimation.STRIDE // 2
    assert abs(columns.start - 390) <= estimation.STRIDE // 2


def test_the_residual_is_one_for_the_truth_and_larger_where_detail_was_invented():
    rng = np.random.default_rng(3)
    truth = Kernel(defocus_kernel(3))
    blurred = add_noise(blur(ASTRONAUT, truth), 0.01, rng)
    honest, _ = reblur_residual(blurred, ASTRONAUT, truth)
    assert honest == pytest.approx(1, abs=0.1)
    invented = ASTRONAUT.copy()
    invented[100:140, 200:240] += 0.3
    figure, local = reblur_residual(blurred, invented, truth)
    assert figure > 2
    assert local.shape == ASTRONAUT.shape[:2]
    assert local.dtype == np.float32
    assert local[120, 220] > 5
    assert local[300, 100] == pytest.approx(1, abs=0.3)


def test_a_noiseless_picture_is_judged_by_its_quantisation():
    flat = np.full((40, 40, 3), 0.5, dtype=np.float32)
    assert reblur_residual(flat, flat, Kernel(np.ones((3, 3))))[0] < 0.01
    assert noise_level(flat) == pytest.approx(1 / 255 / np.sqrt(12))


@pytest.mark.parametrize("sigma", [0.005, 0.03])
def test_the_noise_of_a_blurred_picture_is_measured(sigma: float):
    blurred = blur(ASTRONAUT, Kernel(defocus_kernel(3)))
    assert noise_level(add_noise(blurred, sigma, np.random.default_rng(5))) == pytest.approx(sigma, rel=0.15)


def test_similarity_is_blind_to_shifts_and_one_for_equals():
    rng = np.random.default_rng(8)
    kernel = draw_kernel("spline", 15, rng)
    assert similarity(Kernel(kernel), Kernel(np.pad(kernel, ((4, 0), (0, 6))))) == pytest.approx(1, abs=1e-5)
    assert similarity(Kernel(linear_kernel(15, 0)), Kernel(linear_kernel(15, 90))) < 0.2
