import numpy as np
import pytest
from scipy import ndimage

from engine.kernels import blurring
from engine.kernels.blurring import add_noise, blur
from engine.kernels.kernel import Kernel

RNG = np.random.default_rng(4)
PICTURE = RNG.uniform(size=(43, 37, 3)).astype(np.float32)
KERNEL = Kernel(RNG.uniform(size=(7, 5)))


def test_it_is_a_true_convolution_with_a_mirrored_border():
    expected = np.stack([ndimage.convolve(PICTURE[..., c], KERNEL.values, mode="reflect") for c in range(3)], axis=2)
    out = blur(PICTURE, KERNEL)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, expected, atol=1e-5)


def test_valid_is_the_middle_of_reflect():
    np.testing.assert_allclose(blur(PICTURE, KERNEL, "valid"), blur(PICTURE, KERNEL)[3:-3, 2:-2], atol=1e-6)


def test_a_point_becomes_the_kernel():
    point = np.zeros((31, 31), dtype=np.float32)
    point[15, 15] = 1
    np.testing.assert_allclose(blur(point, KERNEL)[12:19, 13:18], KERNEL.values, atol=1e-6)


def test_strips_leave_no_trace(monkeypatch: pytest.MonkeyPatch):
    whole = blur(PICTURE, KERNEL)
    monkeypatch.setattr(blurring, "STRIP_PIXELS", 400)
    np.testing.assert_allclose(blur(PICTURE, KERNEL), whole, atol=1e-6)


def test_a_picture_smaller_than_the_kernel_has_no_valid_part():
    with pytest.raises(ValueError, match="too small"):
        blur(PICTURE[:5], KERNEL, "valid")
    assert blur(PICTURE[:2, :2], KERNEL).shape == (2, 2, 3)


def test_noise_has_its_sigma_and_leaves_the_picture_alone():
    before = PICTURE.copy()
    noise = add_noise(PICTURE, 0.05, np.random.default_rng(1)) - PICTURE
    assert noise.std() == pytest.approx(0.05, rel=0.05)
    assert noise.mean() == pytest.approx(0, abs=0.005)
    assert np.array_equal(PICTURE, before)
