import numpy as np
from skimage import data

from engine.kernels.blurring import add_noise, blur
from engine.kernels.field import CameraMotion, KernelField, blur_field
from engine.kernels.kernel import Kernel
from engine.restoration.explain import explain, explain_field

SHARP = (data.astronaut()[:300, :290] / 255).astype(np.float32)
STEPS = np.linspace(-1, 1, 31)
TURN = CameraMotion(np.stack([2 * STEPS, 0 * STEPS, 0.03 * STEPS], axis=1), np.full(31, 1 / 31), (144.5, 149.5))
FIELD = KernelField.of(TURN, (6, 6), (300, 290))


def test_the_residual_of_a_varying_blur_is_that_of_its_field():
    blurred = add_noise(blur_field(SHARP, FIELD), 0.01, np.random.default_rng(0))
    middle = TURN.kernel_at(144.5, 149.5)
    kernel, residual = explain(blurred, SHARP, middle.values, FIELD)
    assert np.array_equal(kernel.values, middle.values)
    assert 0.8 < residual < 1.3
    assert explain(blurred, SHARP, middle.values)[1] > 2 * residual


def test_every_part_gets_its_kernel():
    kernel = Kernel(np.ones((1, 9), np.float32))
    field = explain_field(blur(SHARP, kernel), SHARP)
    assert field.counts == (2, 2)
    assert all(found.values.sum(axis=1).max() > 0.8 for found in field.kernels)


def test_small_and_flat_pictures_have_no_field():
    assert explain_field(SHARP[:20], SHARP[:20]) is None
    flat = np.full((60, 60, 3), 0.5, np.float32)
    assert explain_field(flat, flat) is None
