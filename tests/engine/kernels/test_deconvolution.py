from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from engine.kernels import deconvolution
from engine.kernels.blurring import add_noise, blur
from engine.kernels.deconvolution import consistent, deconvolve, noise_by_found_kernel, wiener
from engine.kernels.families import centred, defocus_kernel, draw_kernel, linear_kernel
from engine.kernels.files import load_kernel
from engine.kernels.kernel import Kernel

SHARED = Path(__file__).parents[4] / "shared" / "data"
LEVIN = SHARED / "benchmarks" / "levin"
ASTRONAUT = (data.astronaut()[:256, 100:356] / 255).astype(np.float32)
SHAKE = Kernel(draw_kernel("gaussian-process", 17, np.random.default_rng(7)))


def psnr(picture: np.ndarray, truth: np.ndarray) -> float:
    return float(-10 * np.log10(np.mean((picture - truth) ** 2)))


def gain(sharp: np.ndarray, kernel: Kernel, noise: float) -> float:
    blurred = add_noise(blur(sharp, kernel), noise, np.random.default_rng(0)).clip(0, 1)
    return psnr(deconvolve(blurred, kernel), sharp) - psnr(blurred, sharp)


@pytest.mark.parametrize(("noise", "least"), [(0.002, 7.0), (0.01, 5.0), (0.03, 3.5)])
def test_it_gains_at_every_level_of_noise(noise: float, least: float):
    assert gain(ASTRONAUT, SHAKE, noise) > least


def levin_kernel(number: int) -> Kernel:
    return Kernel(centred(load_kernel(LEVIN / "gt" / f"kernel{number}.png").values))


@pytest.mark.skipif(not (SHARED / "faces" / "test").is_dir(), reason="needs ../shared/data/faces/test")
def test_faces_gain_six_decibels_with_the_true_kernel():
    faces = sorted((SHARED / "faces" / "test").glob("*.png"))[::26]
    gains = []
    for number, path in enumerate(faces, start=1):
        face = np.asarray(Image.open(path).convert("RGB"), dtype=np.float32) / 255
        gains.append(gain(face, levin_kernel(2 * number), 0.01))
    assert np.mean(gains) > 6


@pytest.mark.skipif(not LEVIN.is_dir(), reason="needs ../shared/data/benchmarks/levin")
def test_levins_photographed_blur_is_undone():
    blurred, truth = (
        np.asarray(Image.open(LEVIN / name).convert("RGB"), dtype=np.float32) / 255
        for name in ("im2_kernel1_img.png", "gt/im2.png")
    )
    # The set's own pictures of kernels 1 to 3 and 5 to 7 show the kernel rotated by 180 degrees.
    turned = load_kernel(LEVIN / "gt" / "kernel1.png").values[::-1, ::-1]
    restored = deconvolve(blurred, Kernel(turned))
    assert best_psnr(restored, truth) > best_psnr(blurred, truth) + 6


def best_psnr(picture: np.ndarray, truth: np.ndarray) -> float:
    """Over shifts of up to 5 px: the kernels of the set are off their centres."""
    inner = truth[20:-20, 20:-20]
    height, width = inner.shape[:2]
    places = [(y, x) for y in range(15, 26) for x in range(15, 26)]
    return max(psnr(picture[y : y + height, x : x + width], inner) for y, x in places)


def test_a_flat_picture_stays_flat():
    flat = np.full((70, 90, 3), 0.4, dtype=np.float32)
    np.testing.assert_allclose(deconvolve(flat, SHAKE, 0.01), flat, atol=1e-3)


def test_a_gradient_does_not_ring_at_the_border():
    x, y = np.meshgrid(np.linspace(0.1, 0.9, 160), np.linspace(0, 0.1, 120))
    gradient = np.repeat((x + y)[..., None], 3, axis=2).astype(np.float32)
    blurred = blur(np.pad(gradient, ((20, 20), (20, 20), (0, 0)), mode="reflect", reflect_type="odd"), SHAKE)
    restored = deconvolve(blurred[20:-20, 20:-20], SHAKE, 0.005)
    assert np.abs(restored - gradient).max() < 0.02


def test_a_lamp_has_no_dark_ring():
    night = np.full((96, 96, 3), 0.3, dtype=np.float32)
    lamp = np.hypot(*(np.indices((96, 96)) - 48)) < 6
    night[lamp] = 2.0
    kernel = Kernel(defocus_kernel(5))
    restored = deconvolve(blur(night, kernel).clip(0, 1), kernel, 0.003)
    assert restored[48, 48].min() > 0.99
    assert restored.min() > 0.25


def test_a_delta_changes_nothing():
    assert np.array_equal(deconvolve(ASTRONAUT, Kernel(np.ones((1, 1)))), ASTRONAUT)


def test_smoothness_takes_noise_away():
    flat = add_noise(np.full((96, 96, 3), 0.5, dtype=np.float32), 0.02, np.random.default_rng(3))
    deviations = [deconvolve(flat, SHAKE, smoothness=smoothness).std() for smoothness in (0.2, 1.0, 4.0)]
    assert deviations[0] > deviations[1] > deviations[2]


def test_tiles_leave_no_seam(monkeypatch: pytest.MonkeyPatch):
    kernel = Kernel(linear_kernel(9, 30))
    blurred = add_noise(blur(ASTRONAUT, kernel), 0.01, np.random.default_rng(0))
    whole = deconvolve(blurred, kernel, 0.01)
    monkeypatch.setattr(deconvolution, "TILE", 100)
    tiled = deconvolve(blurred, kernel, 0.01)
    assert np.abs(tiled - whole).max() < 0.06
    assert psnr(tiled, whole) > 50


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 200, 3), (40, 5, 1)])
def test_any_shape_will_do(shape: tuple[int, int, int]):
    picture = np.random.default_rng(0).uniform(size=shape).astype(np.float32)
    out = deconvolve(picture, SHAKE)
    assert out.shape == shape
    assert np.isfinite(out).all()


def test_the_quick_deconvolution_gains_less_and_is_linear():
    blurred = add_noise(blur(ASTRONAUT, SHAKE), 0.01, np.random.default_rng(0)).clip(0, 1)
    quick, slow = wiener(blurred, SHAKE, 0.01), deconvolve(blurred, SHAKE, 0.01)
    before = psnr(blurred, ASTRONAUT)
    assert before + 2 < psnr(quick, ASTRONAUT) < psnr(slow, ASTRONAUT)
    np.testing.assert_allclose(
        wiener(0.5 * blurred + 0.2, SHAKE, 0.01)[20:-20, 20:-20], 0.5 * quick[20:-20, 20:-20] + 0.2, atol=0.06
    )


def test_the_quick_deconvolution_in_tiles_is_as_whole(monkeypatch):
    blurred = blur(ASTRONAUT, SHAKE)
    whole = wiener(blurred, SHAKE, 0.03)
    monkeypatch.setattr(deconvolution, "TILE", 128)
    assert np.quantile(np.abs(wiener(blurred, SHAKE, 0.03) - whole), 0.99) < 2 / 255


def test_a_kernel_that_was_found_is_not_believed_to_the_last_digit():
    clean, noisy = (add_noise(ASTRONAUT, noise, np.random.default_rng(0)) for noise in (0.0, 0.05))
    assert noise_by_found_kernel(blur(clean, SHAKE)) == deconvolution.KERNEL_ERROR
    assert noise_by_found_kernel(noisy) == deconvolution.working_noise(noisy) > 0.03


def test_a_guess_is_made_to_agree_with_the_photo():
    blurred = add_noise(blur(ASTRONAUT, SHAKE), 0.01, np.random.default_rng(0)).clip(0, 1)
    guess = np.roll(ASTRONAUT, 2, axis=1)

    def unexplained(picture: np.ndarray) -> float:
        return float(np.mean((blur(picture, SHAKE) - blurred) ** 2))

    joined = consistent(blurred, SHAKE, guess, 0.3)
    assert joined.shape == guess.shape and joined.dtype == np.float32
    assert unexplained(joined) < 0.3 * unexplained(guess)
    np.testing.assert_allclose(consistent(blurred, SHAKE, guess, 1e5), guess, atol=1e-3)
    assert psnr(consistent(blurred, SHAKE, ASTRONAUT, 0.3), ASTRONAUT) > 35, "what is right stays so"
