import numpy as np
import pytest
from skimage import data

from engine.areas import suggesting
from engine.areas.suggesting import suggested
from engine.errors import Cancelled
from engine.kernels.families import linear_kernel
from engine.kernels.kernel import Kernel

ASTRONAUT = (data.astronaut() / 255).astype(np.float32)


@pytest.fixture
def kernels_by_place(monkeypatch):
    """Let the quick search find a line that points elsewhere in each place, by what is brightest in it."""
    monkeypatch.setattr(
        suggesting,
        "photo_kernel",
        lambda part, on_round: Kernel(linear_kernel(15, float(part[..., 0].mean() * 1800) % 180)),
    )


def test_places_that_tell_and_differ_lie_apart(kernels_by_place):
    areas = suggested(ASTRONAUT, 4)
    assert len(areas) == 4 and all(area.kernel is None and area.on for area in areas)
    for index, one in enumerate(areas):
        for other in areas[:index]:
            across = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
            down = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
            assert max(across, 0) * max(down, 0) <= 0.2 * (one.box[2] - one.box[0]) ** 2


def test_none_lies_where_an_area_is_already(kernels_by_place):
    assert not suggested(ASTRONAUT, 4, taken=((0.0, 0.0, 512.0, 512.0),))


def test_where_the_blur_is_the_same_one_is_enough(monkeypatch):
    monkeypatch.setattr(suggesting, "photo_kernel", lambda part, on_round: Kernel(np.ones((1, 9))))
    assert len(suggested(ASTRONAUT, 4)) == 1


def test_a_plain_photo_suggests_nothing():
    assert suggested(np.full((300, 300, 3), 0.5, np.float32), 4) == ()


def test_a_place_whose_kernel_cannot_be_found_is_left_out(monkeypatch):
    def none(part, on_round):
        raise ValueError("no edges")

    monkeypatch.setattr(suggesting, "photo_kernel", none)
    assert suggested(ASTRONAUT, 4) == ()


def test_looking_can_be_stopped(kernels_by_place):
    shares = []

    def stop(share):
        shares.append(share)
        if len(shares) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        suggested(ASTRONAUT, 4, on_progress=stop)
    assert shares == sorted(shares)
