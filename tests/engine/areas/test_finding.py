import numpy as np
import pytest
from skimage import data

from engine.areas.area import Area
from engine.areas.finding import LEAST, area_kernel, seen, with_kernels
from engine.errors import UserError
from engine.kernels.blurring import blur
from engine.kernels.estimation import similarity
from engine.kernels.families import linear_kernel
from engine.kernels.kernel import Kernel

ASTRONAUT = (data.astronaut() / 255).astype(np.float32)
LINE = Kernel(linear_kernel(11, 30))


def test_a_box_is_looked_at_inside_its_edges():
    assert seen((400, 500), (100.0, 50.0, 300.0, 250.0)) == (slice(52, 248), slice(102, 298))


def test_a_small_box_gets_surroundings_and_a_small_photo_is_seen_whole():
    rows, columns = seen((400, 500), (480.0, 200.0, 500.0, 220.0))
    assert rows.stop - rows.start == columns.stop - columns.start == LEAST and columns.stop == 500
    assert seen((40, 50), (10.0, 10.0, 20.0, 20.0)) == (slice(0, 40), slice(0, 50))


def test_a_box_beside_the_photo_is_a_sentence():
    with pytest.raises(UserError, match="The area 500,0,600,90 lies beside the photo of 500 x 400 px"):
        seen((400, 500), (500.0, 0.0, 600.0, 90.0))


def test_what_is_sharp_was_not_blurred():
    assert area_kernel(ASTRONAUT, (200.0, 150.0, 350.0, 290.0)).values.shape == (1, 1)


def test_the_kernel_of_what_is_blurred(few_searches):
    photo = ASTRONAUT.copy()
    photo[20:180, 140:300] = blur(ASTRONAUT[20:180, 140:300], LINE)
    assert similarity(area_kernel(photo, (140.0, 20.0, 300.0, 180.0)), LINE) > 0.8


def test_a_plain_box_has_none(few_searches):
    assert area_kernel(np.full((120, 120, 3), 0.5, np.float32), (0.0, 0.0, 120.0, 120.0)) is None


def test_only_what_is_missing_is_looked_for():
    asked = []
    areas = (Area((0.0, 0.0, 9.0, 9.0)), Area((0.0, 0.0, 8.0, 8.0), LINE), Area((0.0, 0.0, 7.0, 7.0), on=False))
    made, without = with_kernels(
        (*areas, Area((0.0, 0.0, 6.0, 6.0))), lambda i, _: asked.append(i) or (None if i else LINE)
    )
    assert asked == [0, 3] and without == (3,)
    assert [area.kernel for area in made] == [LINE, LINE, None, None]
