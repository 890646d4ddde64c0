import cv2
import numpy as np
import pytest
from skimage import data

from engine.kernels.blurring import add_noise, blur
from engine.kernels.deconvolution import deconvolve
from engine.kernels.estimation import estimate_kernel, similarity
from engine.kernels.families import draw_kernel, linear_kernel
from engine.kernels.field import (
    CameraMotion,
    KernelField,
    blur_field,
    deconvolve_field,
    estimate_field,
    project,
)
from engine.kernels.kernel import Kernel

ASTRONAUT = (data.astronaut()[:288, 60:348] / 255).astype(np.float32)
SHAPE = ASTRONAUT.shape[:2]
COUNTS = (6, 6)
STEPS = np.linspace(-1, 1, 25)
TURN = CameraMotion(
    np.stack([2 * STEPS, STEPS**2, np.radians(2.2) * STEPS], axis=1), np.full(25, 1 / 25), (143.5, 143.5)
)


def warped(pixels: np.ndarray, motion: CameraMotion) -> np.ndarray:
    """Return the sum of the transformed pictures that a motion describes."""
    total = np.zeros_like(pixels)
    x, y = motion.centre
    for (tx, ty, theta), weight in zip(motion.poses, motion.weights, strict=True):
        c, s = np.cos(theta), np.sin(theta)
        matrix = np.array([[c, -s, x - c * x + s * y + tx], [s, c, y - s * x - c * y + ty]])
        size = pixels.shape[1::-1]
        moved = cv2.warpAffine(pixels, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
        total += np.float32(weight) * moved
    return total


def psnr(picture: np.ndarray, truth: np.ndarray) -> float:
    inner = slice(12, -12)
    return float(-10 * np.log10(np.mean((picture[inner, inner] - truth[inner, inner]) ** 2)))


TURNED = warped(ASTRONAUT, TURN)


def test_the_kernels_of_a_turn_grow_away_from_its_centre_and_lie_across():
    middle = TURN.kernel_at(143, 143).values
    right = TURN.kernel_at(280, 143).values
    assert len(middle) < len(right)
    rows, columns = np.nonzero(right > 0.2 * right.max())
    assert np.ptp(rows) > np.ptp(columns)


def test_filter_flow_comes_near_the_sum_of_warped_pictures():
    flow = blur_field(ASTRONAUT, KernelField.of(TURN, COUNTS, SHAPE))
    assert psnr(flow, TURNED) > 36
    assert psnr(flow, TURNED) > psnr(ASTRONAUT, TURNED) + 10


def test_a_field_of_equal_kernels_is_a_convolution():
    kernel = Kernel(draw_kernel("spline", 15, np.random.default_rng(2)))
    field = KernelField((kernel,) * 12, (3, 4), SHAPE)
    np.testing.assert_allclose(blur_field(ASTRONAUT, field), blur(ASTRONAUT, kernel), atol=1e-4)


def test_projection_finds_the_motion_again():
    field = KernelField.of(TURN, COUNTS, SHAPE)
    found = project(field.kernels, field.positions, SHAPE)
    assert found.weights.sum() == pytest.approx(1)
    for x, y in ((20, 30), (143, 143), (270, 100), (100, 250)):
        assert similarity(found.kernel_at(x, y), TURN.kernel_at(x, y)) > 0.9
    slope = np.cov(found.poses.T, aweights=found.weights)
    assert np.sqrt(slope[2, 2]) == pytest.approx(np.std(TURN.poses[:, 2]), rel=0.15)
    assert slope[0, 2] / np.sqrt(slope[0, 0] * slope[2, 2]) > 0.8


def test_projection_mends_a_spoilt_kernel():
    field = KernelField.of(TURN, COUNTS, SHAPE)
    spoilt = list(field.kernels)
    spoilt[0] = Kernel(linear_kernel(7, 45))
    x, y = field.positions[0]
    mended = KernelField(tuple(spoilt), COUNTS, SHAPE).project().kernel_at(x, y)
    assert similarity(mended, field.kernels[0]) > similarity(spoilt[0], field.kernels[0]) + 0.1


def test_restoring_with_the_field_gains_and_beats_one_kernel():
    blurred = add_noise(TURNED, 0.005, np.random.default_rng(0)).clip(0, 1)
    local = estimate_field(blurred, ASTRONAUT, COUNTS, 17)
    field = KernelField.of(local.project(), (10, 10), SHAPE)
    uniform = deconvolve(blurred, estimate_kernel(blurred, ASTRONAUT))
    restored = deconvolve_field(blurred, field)
    assert psnr(restored, ASTRONAUT) > psnr(blurred, ASTRONAUT) + 1.2
    assert psnr(restored, ASTRONAUT) > psnr(uniform, ASTRONAUT) + 2


def test_the_true_field_gains_most():
    blurred = add_noise(TURNED, 0.005, np.random.default_rng(0)).clip(0, 1)
    restored = deconvolve_field(blurred, KernelField.of(TURN, (10, 10), SHAPE))
    assert psnr(restored, ASTRONAUT) > psnr(blurred, ASTRONAUT) + 4


def test_cells_without_an_edge_get_the_kernel_of_the_whole():
    sharp = ASTRONAUT.copy()
    sharp[:, :150] = 0.5
    kernel = Kernel(linear_kernel(7, 0))
    field = estimate_field(blur(sharp, kernel), sharp, (2, 4), 9)
    assert all(similarity(found, kernel) > 0.9 for found in field.kernels)


def test_a_field_fits_its_picture_and_its_cells():
    field = KernelField.of(TURN, (2, 2), SHAPE)
    with pytest.raises(ValueError, match="made for"):
        blur_field(ASTRONAUT[1:], field)
    with pytest.raises(ValueError, match="as many kernels"):
        KernelField(field.kernels, (2, 3), SHAPE)


def test_a_tile_is_blurred_and_restored_as_in_the_whole():
    field = KernelField.of(TURN, (6, 6), SHAPE)
    margin = 3 * field.side
    corner, part = (60, 60), np.s_[60:250, 60:270]
    inner = np.s_[margin:-margin, margin:-margin]
    blurred = blur_field(ASTRONAUT, field)
    tile = blur_field(ASTRONAUT[part], field, corner)
    np.testing.assert_allclose(tile[inner], blurred[part][inner], atol=1e-4)
    whole = deconvolve_field(blurred, field, 0.01)
    tile = deconvolve_field(blurred[part], field, 0.01, corner=corner)
    difference = np.abs(tile[inner] - whole[part][inner])
    assert difference.max() < 3 / 255
    assert difference.mean() < 0.1 / 255
    with pytest.raises(ValueError, match="made for"):
        deconvolve_field(blurred[part], field, 0.01, corner=(200, 60))
