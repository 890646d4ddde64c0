import numpy as np
import pytest
from skimage import data

from engine.kernels.blind import SEARCHES, photo_kernel, refined
from engine.kernels.blurring import add_noise, blur
from engine.kernels.estimation import similarity
from engine.kernels.families import defocus_kernel, linear_kernel
from engine.kernels.kernel import Kernel

ASTRONAUT = (data.astronaut()[:256, 80:336] / 255).astype(np.float32)
TRUTHS = {"line": Kernel(linear_kernel(13, 30)), "defocus": Kernel(defocus_kernel(5))}


@pytest.mark.parametrize("truth", TRUTHS.values(), ids=TRUTHS)
def test_a_photos_kernel_is_found_by_its_edges(truth: Kernel):
    photo = add_noise(blur(ASTRONAUT, truth), 0.01, np.random.default_rng(1))
    assert similarity(photo_kernel(photo, search=SEARCHES[0]), truth) > 0.94


def test_refining_a_true_kernel_leaves_it_so():
    truth = TRUTHS["line"]
    photo = add_noise(blur(ASTRONAUT, truth), 0.01, np.random.default_rng(1))
    assert similarity(refined(photo, truth), truth) > 0.98


def test_a_noisy_photo_refines_no_kernel():
    truth = TRUTHS["line"]
    photo = add_noise(blur(ASTRONAUT, truth), 0.05, np.random.default_rng(1))
    assert refined(photo, truth) is truth


def test_a_sharp_photo_has_next_to_no_kernel():
    photo = add_noise(ASTRONAUT, 0.01, np.random.default_rng(1))
    kernel = photo_kernel(photo, search=SEARCHES[0]).values
    rows, columns = np.mgrid[: len(kernel), : len(kernel)]
    for places in (rows, columns):
        middle = np.average(places, weights=kernel)
        assert np.average((places - middle) ** 2, weights=kernel) < 0.5  # px^2


def test_small_pictures_will_do_and_flat_ones_are_refused():
    assert photo_kernel(ASTRONAUT[100:130, 90:120], search=SEARCHES[0]).values.sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="no edge"):
        photo_kernel(np.full((64, 64, 3), 0.5, np.float32))


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (2, 300), (23, 700)])
def test_pictures_that_are_too_small_are_refused(shape):
    with pytest.raises(ValueError, match="too small"):
        photo_kernel(np.random.default_rng(0).random((*shape, 3), dtype=np.float32))
