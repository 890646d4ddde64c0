"""The alignment of a restored picture with the sharp one, and its measures."""

import cv2
import numpy as np
import pytest
from skimage.data import astronaut

from engine.errors import UserError
from engine.kernels.kernel import Kernel
from training.evaluation.benchmarks.measures import (
    aligned,
    kernel_similarity,
    psnr,
    registered,
    shifted,
    ssim,
    turned,
)


def view(across=0.0, down=0.0, turn=0.0, side=160):
    """Return a part of a picture as seen by a camera that moved."""
    matrix = cv2.getRotationMatrix2D((256, 256), turn, 1)
    matrix[:, 2] += across, down
    moved = cv2.warpAffine(astronaut(), matrix, (512, 512), flags=cv2.INTER_CUBIC)
    start = 256 - side // 2
    return moved[start : start + side, start : start + side].astype(np.float32) / 255


@pytest.mark.parametrize(("shift", "least"), [((0, 0), 99), ((7, -10), 99), ((2.25, -3.5), 32)])
def test_a_shift_of_quarters_of_a_pixel_costs_little(shift, least):
    assert psnr(shifted(view(*shift), view())) > least


def test_a_shift_beyond_ten_pixels_is_a_difference():
    assert psnr(shifted(view(14), view())) < 25


def test_the_border_is_not_judged():
    spoilt = view()
    spoilt[:15] = spoilt[-15:] = spoilt[:, :15] = spoilt[:, -15:] = 0
    pair = shifted(spoilt, view())
    assert psnr(pair) > 99
    assert pair[0].shape == pair[1].shape == (130, 130, 1)
    assert ssim(pair) == pytest.approx(1)


def test_a_picture_is_registered_and_its_gain_is_fitted():
    sharp, seen = view(), 0.8 * view(6.0, -4.0, turn=1.0)
    assert psnr((seen[40:-40, 40:-40], sharp[40:-40, 40:-40])) < 25
    pair = registered(seen, sharp)
    assert psnr(pair) > 33
    assert pair[0].shape == (80, 80, 3)


def test_a_picture_that_cannot_be_registered_stays_where_it_is():
    flat = np.full((160, 160, 3), 0.5, np.float32)
    part, truth = registered(flat, view())
    assert np.ptp(part) == 0
    assert np.array_equal(truth, view()[40:-40, 40:-40])


@pytest.mark.parametrize(("restored", "sharp", "said"), [(160, 150, "not as large"), (80, 80, "too small")])
def test_pictures_that_cannot_be_compared_are_a_sentence(restored, sharp, said):
    with pytest.raises(UserError, match=said):
        aligned("koehler", view(side=restored), view(side=sharp))


def test_a_kernel_is_compared_with_the_nearest_of_those_known(hook):
    assert kernel_similarity(hook, (turned(hook), hook)) == pytest.approx(1)
    assert kernel_similarity(turned(hook), (hook,)) < 0.9
    assert kernel_similarity(None, (hook,)) == 0
    assert kernel_similarity(hook, ()) is None


def test_a_kernel_can_be_moved_without_being_another(hook):
    assert kernel_similarity(Kernel(np.roll(np.pad(hook.values, 4), (2, -3), (0, 1))), (hook,)) == pytest.approx(1)
