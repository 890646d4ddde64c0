import numpy as np
import pytest

from engine.kernels.families import linear_kernel
from engine.kernels.half_quadratic import Spectrum
from engine.kernels.latent import latent

KERNEL = linear_kernel(7, 30)


def blurred(plane: np.ndarray) -> np.ndarray:
    spectrum = Spectrum(KERNEL, plane.shape)
    return spectrum.backward(spectrum.forward(plane) * spectrum.kernel)


def squares() -> np.ndarray:
    plane = np.zeros((96, 96), np.float32)
    plane[20:60, 30:50] = 1
    plane[70:80, 60:90] = 0.5
    return plane


def test_the_latent_image_has_the_edges_of_what_was_blurred():
    found = latent(blurred(squares()), KERNEL, 1e-3, 1e5)
    assert found.dtype == np.float32
    assert np.sqrt(np.mean((found - squares()) ** 2)) < 0.3 * np.sqrt(np.mean((blurred(squares()) - squares()) ** 2))


def test_a_larger_weight_leaves_fewer_edges():
    few, many = (
        np.count_nonzero(np.abs(np.diff(latent(blurred(squares()), KERNEL, weight, 1e5))) > 1e-2)
        for weight in (0.3, 1e-4)
    )
    assert few < many


def test_a_picture_is_left_as_it_was():
    plane = blurred(squares())
    before = plane.copy()
    latent(plane, KERNEL, 1e-3, 1e4)
    assert np.array_equal(plane, before)


@pytest.mark.parametrize("shape", [(24, 40), (40, 25)])
def test_any_size_will_do(shape: tuple[int, int]):
    assert latent(np.random.default_rng(0).random(shape, dtype=np.float32), KERNEL, 1e-2, 1e3).shape == shape
