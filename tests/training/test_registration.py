"""Registration: the shift between two pictures, found and applied."""

import cv2
import numpy as np
import pytest
from skimage import data

from engine.kernels.estimation import luma
from training.registration import apart, moved, shift

PHOTO = data.astronaut()[:160, 130:320].astype(np.float32) / 255


@pytest.mark.parametrize("by", [(0.0, 0.0), (0.4, -0.7), (3.25, 1.5), (-6.0, 5.0)])
@pytest.mark.parametrize("blurred", [0.0, 1.5])
def test_a_shift_is_found_to_a_tenth_of_a_pixel_also_when_one_is_blurred(by: tuple[float, float], blurred: float):
    there = moved(luma(PHOTO), np.array(by))
    if blurred:
        there = cv2.GaussianBlur(there, (0, 0), blurred)
    assert shift(luma(PHOTO), there) == pytest.approx(by, abs=0.1)


def test_moving_there_and_back_keeps_the_detail():
    by = np.array([0.5, 0.5])
    back = moved(moved(luma(PHOTO), by), -by)
    assert apart(back, luma(PHOTO)) < apart(moved(luma(PHOTO), by), luma(PHOTO)) / 10
