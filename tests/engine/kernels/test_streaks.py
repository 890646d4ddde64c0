import cv2
import numpy as np
import pytest
from skimage import data

from engine.kernels.blurring import blur
from engine.kernels.estimation import similarity
from engine.kernels.families import draw_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.night import GAMMA, is_night, lit
from engine.kernels.shaken import BY_STREAKS, shaken_kernels, shown_by_streaks
from engine.kernels.streaks import is_path, streaks

PATH = Kernel(draw_kernel("gaussian-process", 31, np.random.default_rng(7)))
STREET = ((data.astronaut()[:300, 60:460] / 255) ** GAMMA * 0.05).astype(np.float32)
LAMPS = [(50, 60), (60, 150), (55, 250), (70, 340), (200, 70), (210, 180), (240, 310)]


def photo(kernel: Kernel | None, lamps: list[tuple[int, int]] = LAMPS, radius: float = 0.8) -> np.ndarray:
    """Return a street by night with lamps far brighter than white, blurred, as a camera encodes it."""
    scene = STREET.copy()
    rows, columns = np.indices(scene.shape[:2])
    for y, x in lamps:
        scene[np.hypot(rows - y, columns - x) < radius] = 60
    shaken = scene if kernel is None else blur(scene, kernel)
    noisy = shaken + np.random.default_rng(0).normal(0, 5e-5, scene.shape).astype(np.float32)
    return np.asarray(noisy.clip(0, 1) ** (1 / GAMMA), np.float32)


def disc(radius: int) -> Kernel:
    rows, columns = np.indices((2 * radius + 1, 2 * radius + 1)) - radius
    inside = (np.hypot(rows, columns) <= radius).astype(np.float32)
    return Kernel(inside / inside.sum())


def test_lamps_show_the_kernel():
    blurred = photo(PATH)
    shown = streaks(blurred)
    assert shown is not None and shown.count >= 5
    assert similarity(shown.kernel, PATH) > 0.8
    np.testing.assert_allclose(shown.kernel.values.sum(), 1, atol=1e-5)
    assert is_path(shown.kernel)


def test_nothing_is_searched_for_where_they_do():
    first, *others = shaken_kernels(photo(PATH))
    assert first.by_streaks and first.right == BY_STREAKS and np.isnan(first.gain)
    assert not others


def test_a_large_photo_is_looked_at_shrunk():
    large = np.repeat(np.repeat(photo(PATH), 4, axis=0), 4, axis=1)
    shown = streaks(large)
    assert shown is not None
    wide = cv2.resize(PATH.values, None, fx=121 / 31, fy=121 / 31)
    assert similarity(shown.kernel, Kernel(wide / wide.sum())) > 0.65  # its pixels are squares


@pytest.mark.parametrize(
    "pixels",
    [
        photo(None, radius=4),
        photo(disc(4)),
        photo(PATH, LAMPS[:2]),
        np.clip(photo(PATH) + 0.4, 0, 1),
        np.minimum(photo(PATH), 0.9),
        np.zeros((40, 40, 3), np.float32),
    ],
    ids=["sharp lamps", "lamps out of focus", "two lamps", "by day", "no lamps", "black"],
)
def test_what_is_no_path_of_the_camera_is_not_taken(pixels):
    assert shown_by_streaks(pixels) is None


def test_light_beyond_white_is_told_from_the_rest():
    blurred = photo(PATH)
    assert is_night(blurred)
    around = lit(blurred, blurred, 9)
    assert around[50, 60] and not around[130, 200]
    assert not lit(np.clip(blurred + 0.4, 0, 0.99), blurred, 9).any()
    assert not lit(blurred, np.ones_like(blurred), 9).any()  # nothing else would be left
