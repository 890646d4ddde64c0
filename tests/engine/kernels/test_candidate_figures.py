import numpy as np
import pytest
from skimage import data

from engine.kernels.blurring import add_noise, blur
from engine.kernels.candidate_figures import NAMES, NATURAL, compared, figures, undone
from engine.kernels.families import linear_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.trust import no_blur

SHARP = (data.camera()[100:260, 160:320] / 255).astype(np.float32)
TRUTH, WRONG, LONG = (Kernel(linear_kernel(*shape)) for shape in ((11, 30), (11, 120), (21, 30)))
PHOTO = add_noise(blur(SHARP, TRUTH), 0.01, np.random.default_rng(1)).clip(0, 1)
POOL = [WRONG, TRUTH, LONG]


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    return figures(PHOTO, POOL, [undone(PHOTO, kernel, 0.01) for kernel in POOL], 0.01, SHARP)


def column(rows: np.ndarray, name: str) -> list[float]:
    return rows[:, NAMES.index(name)].tolist()


def test_every_candidate_has_every_figure(rows: np.ndarray):
    assert rows.shape == (len(POOL), len(NAMES))
    assert np.isfinite(rows).all() and np.isfinite(compared(rows)).all()


@pytest.mark.parametrize("name", ["unexplained at worst", "distance to network's", "unexplained from network's"])
def test_the_true_kernel_leaves_least(rows: np.ndarray, name: str):
    assert np.argmin(column(rows, name)) == 1


@pytest.mark.parametrize("name", ["gradients as network's", "resemblance to network's kernel"])
def test_the_true_kernel_agrees_most_with_a_network_that_is_right(rows: np.ndarray, name: str):
    assert np.argmax(column(rows, name)) == 1


def test_the_product_that_chose_before_there_was_a_judge_takes_the_true_kernel(rows: np.ndarray):
    assert np.argmin(compared(rows)[:, NATURAL]) == 1


def test_a_kernels_shape_is_told_in_px(rows: np.ndarray):
    assert column(rows, "extent") == pytest.approx([10, 10, 19], abs=2)
    assert np.argmax(column(rows, "deviation along")) == 2
    assert max(column(rows, "deviation across")) < 1.5


def test_a_kernel_that_is_too_short_leaves_a_picture_that_is_blurred_when_it_is_shrunk():
    photo = blur(SHARP, LONG)
    rows = figures(photo, [LONG, TRUTH], [undone(photo, kernel, 0.001) for kernel in (LONG, TRUTH)], 0.001, SHARP)
    right, short = column(rows, "fineness at a quarter")
    assert right > 1.08 * short > 1.08 * column(rows, "fineness of photo at a quarter")[0]


def test_noise_is_told_from_shadows_in_what_is_unexplained(rows: np.ndarray):
    assert column(rows, "order in what is unexplained")[1] < 0.2 < column(rows, "order in what is unexplained")[0]


def test_the_true_kernel_explains_a_photo_whose_lights_are_beyond_white():
    photo = blur(1.6 * SHARP, TRUTH).clip(0, 1)
    assert (photo == 1).mean() > 0.1
    row = figures(photo, [TRUTH], [undone(photo, TRUTH, 0.002)], 0.002, SHARP)
    assert column(row, "unexplained")[0] < 0.01


@pytest.mark.parametrize("plane", [np.full((40, 50), 0.5, np.float32), PHOTO[:30, :26]], ids=["flat", "small"])
def test_pictures_that_tell_nothing_have_figures_too(plane: np.ndarray):
    kernels = [TRUTH, no_blur()]
    rows = figures(plane, kernels, [undone(plane, kernel, 0.01) for kernel in kernels], 0.01, plane)
    assert np.isfinite(compared(rows)).all()
