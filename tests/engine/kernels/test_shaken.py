import numpy as np
import pytest
from skimage import data

from engine.errors import Cancelled
from engine.kernels import shaken
from engine.kernels.blurring import add_noise, blur
from engine.kernels.candidate_judge import Found, Pool
from engine.kernels.estimation import similarity
from engine.kernels.families import linear_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.shaken import SIDE, fits_everywhere, may_be_larger, shaken_kernels, windows

ASTRONAUT = (data.astronaut()[:200, 120:320] / 255).astype(np.float32)
LINE = Kernel(linear_kernel(13, 30))


pytestmark = pytest.mark.usefixtures("few_searches")


def photographed(pixels: np.ndarray) -> np.ndarray:
    return add_noise(pixels, 0.01, np.random.default_rng(1)).clip(0, 1)


def half_moved() -> np.ndarray:
    """The left half has moved, the right one has not."""
    return np.concatenate([blur(ASTRONAUT, LINE)[:, :100], ASTRONAUT[:, 100:]], axis=1)


def test_the_kernel_of_a_photo_that_was_shaken_as_a_whole_is_found_and_worth_something():
    shares: list[float] = []
    found = shaken_kernels(photographed(blur(ASTRONAUT, LINE)), lambda _: ASTRONAUT, shares.append)[0]
    assert found is not None
    assert similarity(found.kernel, LINE) > 0.8
    assert found.gain > 0.5 and found.right > 0.5
    assert shares == sorted(shares) and shares[0] == 0


@pytest.mark.parametrize("photo", [ASTRONAUT, half_moved()], ids=["sharp", "half of it moved"])
def test_of_other_photos_no_kernel_is_expected_to_gain_anything(photo: np.ndarray):
    taken = photographed(photo)
    found = shaken_kernels(taken, lambda _: taken)[0]
    assert found is None or min(found.gain, found.beyond) < 0.3


def test_a_flat_photo_has_no_kernel():
    assert shaken_kernels(np.full((96, 96, 3), 0.5, np.float32), lambda pixels: pixels) == []


def test_a_kernel_that_does_not_fit_elsewhere_is_worth_nothing(monkeypatch):
    monkeypatch.setattr(shaken, "LARGE_WINDOW", 128)
    monkeypatch.setattr(shaken, "small_candidates", lambda *_: [LINE])
    monkeypatch.setattr(Pool, "ranked", lambda _: [Found(LINE, 3.0, 2.0, 0.9)])
    monkeypatch.setattr(shaken, "fits_everywhere", lambda *_: False)
    found = shaken_kernels(photographed(blur(ASTRONAUT, LINE)))[0]
    assert found is not None and (found.gain, found.beyond, found.right) == (0, 0, 0)


def test_a_kernel_fits_where_it_blurred_the_photo_and_not_where_it_did_not():
    assert fits_everywhere(photographed(blur(ASTRONAUT, LINE)), LINE, 1.0)
    turned = blur(ASTRONAUT, Kernel(linear_kernel(13, 120)))
    assert not fits_everywhere(photographed(turned), LINE, 1.0)


@pytest.mark.parametrize(
    ("kernel", "right", "sharp", "larger"),
    [
        (LINE, 0.9, False, False),
        (LINE, 0.4, False, True),
        (LINE, float("nan"), False, True),
        (Kernel(linear_kernel(27, 30)), 0.9, False, True),
        (LINE, 0.4, True, False),
    ],
    ids=["short and right", "wrong", "unknown", "long", "sharp photo"],
)
def test_larger_kernels_are_looked_for_where_they_may_be(kernel: Kernel, right: float, sharp: bool, larger: bool):
    plane = (ASTRONAUT if sharp else blur(ASTRONAUT, LINE))[..., 1]
    assert may_be_larger(Found(kernel, 1.0, 1.0, right), plane) is larger


@pytest.mark.parametrize("shape", [(100, 80), (512, 700), (3000, 4000)])
def test_windows_lie_evenly_over_the_whole_picture(shape: tuple[int, int]):
    found = list(windows(*shape))
    assert len(found) <= 9
    assert found[0][0].start == found[0][1].start == 0
    assert found[-1][0].stop == shape[0] and found[-1][1].stop == shape[1]
    assert all(
        part.stop - part.start == min(SIDE, length)
        for each in found
        for part, length in zip(each, shape, strict=True)
    )


def test_the_search_can_be_called_off():
    def stop(share: float) -> None:
        raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        shaken_kernels(photographed(blur(ASTRONAUT, LINE)), None, stop)
