import numpy as np
from skimage import data

from engine.kernels.blurring import blur
from engine.kernels.deconvolution import deconvolve, working_noise
from engine.kernels.families import draw_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.night import GAMMA, LEAST_NOISE, is_night
from engine.kernels.noise import noise_level

KERNEL = Kernel(draw_kernel("gaussian-process", 15, np.random.default_rng(7)))
STREET = ((data.astronaut()[:160, 60:220] / 255) ** GAMMA * 0.1).astype(np.float32)
LAMPS = [(30, 40, 20.0), (110, 120, 40.0), (130, 30, 8.0)]


def night(kernel: Kernel = KERNEL) -> tuple[np.ndarray, np.ndarray]:
    """Return a street with lamps far brighter than white, sharp and blurred, as a camera encodes them."""
    scene = STREET.copy()
    rows, columns = np.indices(scene.shape[:2])
    for y, x, light in LAMPS:
        scene[np.hypot(rows - y, columns - x) < 2] = light
    noisy = blur(scene, kernel) + np.random.default_rng(0).normal(0, 1e-3, scene.shape).astype(np.float32)
    return encoded(scene), encoded(noisy)


def encoded(linear: np.ndarray) -> np.ndarray:
    return np.asarray(linear.clip(0, 1) ** (1 / GAMMA), np.float32)


def psnr(picture: np.ndarray, truth: np.ndarray) -> float:
    return float(-10 * np.log10(np.mean((picture - truth) ** 2)))


def test_lamps_do_not_ring_over_the_street():
    sharp, blurred = night()
    assert is_night(blurred)
    restored, plain = deconvolve(blurred, KERNEL), deconvolve(blurred, KERNEL, night=False)
    assert psnr(restored, sharp) > psnr(plain, sharp) + 3
    assert psnr(restored, sharp) > psnr(blurred, sharp) + 4
    for y, x, _ in LAMPS:
        assert restored[y, x].min() > 0.95


def test_a_kernel_that_is_slightly_wrong_does_no_harm():
    sharp, blurred = night()
    wrong = KERNEL.values * (KERNEL.values > 0.1 * KERNEL.values.max())
    restored = deconvolve(blurred, Kernel((wrong / wrong.sum()).astype(np.float32)), smoothness=1.5)
    assert psnr(restored, sharp) > psnr(blurred, sharp) + 2


def test_a_photo_by_day_is_restored_as_ever():
    day = (data.astronaut()[:96, :96] / 255).astype(np.float32).clip(0.02, 0.98)
    bright = (blur(day, KERNEL) * 1.6).clip(0, 1)
    dark = blur(day, KERNEL) * np.float32(0.2)
    for photo in (bright, dark):
        assert not is_night(photo)
        assert working_noise(photo) == noise_level(photo)
        np.testing.assert_array_equal(deconvolve(photo, KERNEL), deconvolve(photo, KERNEL, night=False))


def test_all_tiles_of_a_night_photo_are_restored_as_strongly():
    _, blurred = night()
    assert working_noise(blurred) == LEAST_NOISE


def test_white_and_black_alone_do_not_break_it():
    for photo in (np.ones((40, 50, 3), np.float32), np.zeros((40, 50, 3), np.float32)):
        np.testing.assert_allclose(deconvolve(photo, KERNEL, night=True), photo, atol=0.02)
