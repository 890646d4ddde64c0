"""What a picture leaves unexplained of a photo whose lights are beyond white."""

from functools import partial

import numpy as np
import pytest

from engine.kernels.blurring import blur
from engine.kernels.deconvolution import deconvolve
from engine.kernels.families import linear_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.residual import as_recorded, reblurred_with_light, unexplained_by

SHAKE = Kernel(linear_kernel(11, 30))
SCENE = np.full((96, 96, 3), 0.3, np.float32)
SCENE[40:48, 40:48] = 1.7
PHOTO = blur(SCENE, SHAKE).clip(0, 1)
RESTORED = SCENE.clip(0, 1)


def worst(reblurred: np.ndarray) -> float:
    return float(np.abs(reblurred - PHOTO).max())


def test_a_picture_that_ends_at_white_explains_a_light_beyond_it():
    assert worst(blur(RESTORED, SHAKE)) > 0.2
    assert worst(reblurred_with_light(PHOTO, RESTORED, partial(blur, kernel=SHAKE))) < 0.01


@pytest.mark.parametrize("place", [(70, 70), (43, 43)], ids=["far from it", "in the light"])
def test_detail_that_was_invented_is_not_explained_by_light(place: tuple[int, int]):
    invented = RESTORED.copy()
    rows, columns = (slice(start, start + 4) for start in place)
    invented[rows, columns] = 0 if place == (43, 43) else 0.9
    assert worst(reblurred_with_light(PHOTO, invented, partial(blur, kernel=SHAKE))) > 0.04


def test_without_white_it_is_the_blur():
    assert np.array_equal(reblurred_with_light(PHOTO, SCENE / 2, partial(blur, kernel=SHAKE)), blur(SCENE / 2, SHAKE))


def test_light_beyond_white_is_deconvolved_on_demand_and_explains_the_photo():
    restored = deconvolve(PHOTO, SHAKE, 0.002, night=False, beyond_white=True)
    assert 1.3 < restored.max() < 2.2
    assert deconvolve(PHOTO, SHAKE, 0.002, night=False).max() <= 1
    assert as_recorded(restored, SHAKE).max() <= 1
    assert unexplained_by(PHOTO, restored, SHAKE) < 0.5 * unexplained_by(PHOTO, restored.clip(0, 1), SHAKE)
