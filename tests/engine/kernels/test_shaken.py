import numpy as np
import pytest
from skimage import data

from engine.errors import Cancelled
from engine.kernels.blurring import add_noise, blur
from engine.kernels.estimation import similarity
from engine.kernels.families import defocus_kernel, linear_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.shaken import SIDE, shaken_kernel, undoes, windows

ASTRONAUT = (data.astronaut()[:256, 80:336] / 255).astype(np.float32)
LINE = Kernel(linear_kernel(13, 30))


def photographed(pixels: np.ndarray) -> np.ndarray:
    return add_noise(pixels, 0.01, np.random.default_rng(1)).clip(0, 1)


def half_moved() -> np.ndarray:
    """Return a photo whose left half has moved and whose right half has not."""
    return np.concatenate([blur(ASTRONAUT, LINE)[:, :128], ASTRONAUT[:, 128:]], axis=1)


def test_the_kernel_of_a_completely_shaken_photo_is_found():
    found = shaken_kernel(photographed(blur(ASTRONAUT, LINE)))
    assert found is not None
    assert similarity(found, LINE) > 0.8


@pytest.mark.parametrize(
    "photo",
    [ASTRONAUT, half_moved(), np.full((96, 96, 3), 0.5, np.float32)],
    ids=["sharp", "half of it moved", "flat"],
)
def test_other_photos_get_no_kernel(photo: np.ndarray):
    assert shaken_kernel(photographed(photo)) is None


@pytest.mark.parametrize(
    "wrong", [Kernel(linear_kernel(13, 120)), Kernel(linear_kernel(21, 30)), Kernel(np.ones((1, 1)))]
)
def test_a_wrong_kernel_does_not_undo_the_blur(wrong: Kernel):
    photo = photographed(blur(ASTRONAUT, LINE))
    assert undoes(photo, LINE)
    assert not undoes(photo, wrong)


def test_defocus_is_undone_like_motion():
    disc = Kernel(defocus_kernel(4))
    assert undoes(photographed(blur(ASTRONAUT, disc)), disc)


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
    def stop() -> None:
        raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        shaken_kernel(photographed(blur(ASTRONAUT, LINE)), stop)
