import numpy as np
import pytest
from scipy import ndimage
from skimage import data

from engine.kernels.blurring import add_noise, blur
from engine.kernels.deconvolution import deconvolve
from engine.kernels.estimation import similarity
from engine.kernels.families import linear_kernel
from engine.kernels.field import CameraMotion, KernelField, blur_field
from engine.kernels.kernel import Kernel
from engine.kernels.trust import Verdict
from engine.restoration.explain import explain, explain_field

SHARP = (data.astronaut()[:300, :290] / 255).astype(np.float32)
STEPS = np.linspace(-1, 1, 31)
TURN = CameraMotion(np.stack([2 * STEPS, 0 * STEPS, 0.03 * STEPS], axis=1), np.full(31, 1 / 31), (144.5, 149.5))
FIELD = KernelField.of(TURN, (6, 6), (300, 290))


def test_the_residual_of_a_varying_blur_is_that_of_its_field():
    blurred = add_noise(blur_field(SHARP, FIELD), 0.01, np.random.default_rng(0))
    middle = TURN.kernel_at(144.5, 149.5)
    explained = explain(blurred, SHARP, middle, FIELD)
    assert explained.kernel is middle
    assert explained.residual < 1.3 and explained.verdict is Verdict.WELL
    assert explain(blurred, SHARP, middle).residual > 1.5 * explained.residual


TRUTH = Kernel(linear_kernel(13, 30))
FREE_OF_NOISE = blur(SHARP, TRUTH)
PHOTO = np.round(add_noise(FREE_OF_NOISE, 0.01, np.random.default_rng(2)).clip(0, 1) * 255).astype(np.float32) / 255


def painted(picture: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Lay the middle of another picture over this one, with a soft border."""
    mask = np.zeros(SHARP.shape[:2], np.float32)
    mask[90:190, 90:190] = 1
    mask = ndimage.gaussian_filter(mask, 3)[..., None]
    return picture * (1 - mask) + other * mask


def texture() -> np.ndarray:
    """Return fine grey texture of standard deviation 0.2."""
    noise = ndimage.gaussian_filter(np.random.default_rng(5).standard_normal(SHARP.shape[:2]), 1)
    return (0.2 * noise / noise.std())[..., None].astype(np.float32)


@pytest.mark.parametrize("restored", [SHARP, deconvolve(PHOTO, TRUTH)], ids=["true", "deconvolved"])
def test_a_right_result_explains_the_photo_well(restored: np.ndarray):
    explained = explain(PHOTO, restored)
    assert explained.verdict is Verdict.WELL
    assert explained.residual == pytest.approx(1, abs=0.15)
    assert similarity(explained.kernel, TRUTH) > 0.95


def test_what_only_light_beyond_white_explains_is_explained_in_part():
    scene = SHARP.copy()
    scene[60:110, 60:110] = 1.5
    photo = add_noise(blur(scene, TRUTH), 0.01, np.random.default_rng(2)).clip(0, 1)
    assert explain(photo, scene.clip(0, 1)).verdict is Verdict.PARTLY


@pytest.mark.parametrize("restored", [PHOTO, PHOTO.copy() + np.float32(1e-4)], ids=["same", "nearly"])
def test_an_unchanged_photo_has_no_kernel_and_no_residual(restored: np.ndarray):
    explained = explain(PHOTO, restored)
    assert explained.verdict is Verdict.UNCHANGED
    assert explained.kernel is None, "whether it was blurred is not known"
    assert explained.residual < 0.05


def test_an_enlarged_photo_that_stayed_as_it_is_has_none_either():
    large = PHOTO.repeat(4, axis=0).repeat(4, axis=1)
    explained = explain(large, large.copy())
    assert explained.kernel is None
    assert explained.residual == 0


def test_a_result_that_is_still_blurred_invents_nothing():
    """The result has no noise but the photo's blur: the shown kernel is the photo's."""
    explained = explain(PHOTO, ndimage.gaussian_filter(PHOTO, (0.8, 0.8, 0)))
    assert explained.verdict in (Verdict.BLURRED, Verdict.UNEVEN)
    assert similarity(explained.kernel, TRUTH) > 0.8
    assert similarity(explained.relation, TRUTH) < 0.6


@pytest.mark.parametrize(
    "other", [SHARP[::-1], SHARP[:, ::-1], SHARP + texture()], ids=["turned", "mirrored", "texture"]
)
def test_a_contradiction_to_the_photo_is_reported(other: np.ndarray):
    explained = explain(PHOTO, painted(deconvolve(PHOTO, TRUTH), other))
    assert explained.verdict is Verdict.CHANGED


def test_every_part_gets_its_kernel():
    kernel = Kernel(np.ones((1, 9), np.float32))
    field = explain_field(blur(SHARP, kernel), SHARP)
    assert field.counts == (2, 2)
    assert all(found.values.sum(axis=1).max() > 0.8 for found in field.kernels)


def test_small_and_flat_pictures_have_no_field():
    assert explain_field(SHARP[:20], SHARP[:20]) is None
    flat = np.full((60, 60, 3), 0.5, np.float32)
    assert explain_field(flat, flat) is None
