import numpy as np
import pytest
from skimage import data

from engine.kernels.blind import photo_kernel
from engine.kernels.blurring import add_noise, blur
from engine.kernels.estimation import estimate_kernel, similarity
from engine.kernels.families import defocus_kernel, linear_kernel
from engine.kernels.kernel import Kernel

ASTRONAUT = (data.astronaut()[:256, 80:336] / 255).astype(np.float32)
TRUTHS = {"line": Kernel(linear_kernel(13, 30)), "defocus": Kernel(defocus_kernel(5))}


@pytest.mark.parametrize("truth", TRUTHS.values(), ids=TRUTHS)
def test_the_photos_kernel_is_found_where_the_result_is_still_blurred(truth: Kernel):
    sharp = blur(ASTRONAUT, truth)
    photo = add_noise(sharp, 0.01, np.random.default_rng(1))
    weakly_restored = 0.9 * sharp + 0.1 * ASTRONAUT
    found = similarity(photo_kernel(photo, weakly_restored), truth)
    assert found > 0.8
    assert found > similarity(estimate_kernel(photo, weakly_restored), truth) + 0.1


def test_a_sharp_photo_has_next_to_no_kernel():
    photo = add_noise(ASTRONAUT, 0.01, np.random.default_rng(1))
    assert max(photo_kernel(photo, ASTRONAUT).values.shape) <= 3


def test_small_pictures_will_do_and_flat_ones_are_refused():
    assert photo_kernel(ASTRONAUT[100:130, 90:120], ASTRONAUT[100:130, 90:120]).values.sum() == pytest.approx(1)
    flat = np.full((64, 64, 3), 0.5, np.float32)
    with pytest.raises(ValueError, match="no edge"):
        photo_kernel(flat, flat)
