import numpy as np
import pytest
from skimage import data

from engine.kernels.blurring import add_noise, blur
from engine.kernels.deconvolution import deconvolve
from engine.kernels.families import defocus_kernel, linear_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.sharpness import became_sharp, fineness, is_sharp

PICTURES = {
    "astronaut": data.astronaut()[..., 1],
    "camera": data.camera(),
    "coins": data.coins(),
}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("noise", [0, 0.01])
def test_a_sharp_picture_is_told_from_a_blurred_one(name: str, noise: float):
    sharp = (PICTURES[name] / 255).astype(np.float32)
    rng = np.random.default_rng(1)
    assert is_sharp(add_noise(sharp, noise, rng))
    for kernel in (linear_kernel(13, 30), defocus_kernel(4)):
        assert not is_sharp(add_noise(blur(sharp, Kernel(kernel)), noise, rng))


def test_a_step_is_as_fine_as_can_be_and_a_ramp_is_not():
    columns = np.indices((64, 64))[1]
    steps, ramp = (columns // 8 % 2).astype(np.float32), (columns / 64).astype(np.float32)
    assert fineness(steps) == pytest.approx(2)
    assert fineness(ramp) == pytest.approx(1)


def test_a_flat_picture_is_not_sharp():
    assert not is_sharp(np.full((40, 40), 0.5, np.float32))


def test_a_picture_became_sharp_by_the_right_kernel_and_not_by_a_little_of_it():
    sharp, line = (PICTURES["camera"] / 255).astype(np.float32), Kernel(linear_kernel(13, 30))
    photo = add_noise(blur(sharp, line), 0.01, np.random.default_rng(1))
    assert became_sharp(photo, deconvolve(photo[..., None], line)[..., 0])
    assert not became_sharp(photo, photo)
    assert not became_sharp(photo, blur(sharp, Kernel(linear_kernel(7, 30))))
