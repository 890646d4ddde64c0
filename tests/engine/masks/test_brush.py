import numpy as np
import pytest

from engine.masks.brush import Brush, Stroke
from engine.masks.mask import Mask

SIZE = 300, 200


def painted(brush, *points, mask=None):
    mask = mask or Mask.filled(SIZE, 255 if brush.erase else 0)
    stroke = Stroke(mask, mask.values(), brush)
    for point in points:
        stroke.to(*point)
    return stroke.finished()


def test_a_hard_dab_is_a_disc():
    values = painted(Brush(size=40, hardness=1), (100, 100)).values()
    y, x = np.mgrid[:200, :300]
    distance = np.hypot(x - 100, y - 100)
    assert (values[distance < 19] == 255).all() and not values[distance > 21].any()


def test_a_soft_dab_falls_from_the_middle_to_the_rim():
    row = painted(Brush(size=80, hardness=0), (100, 100)).values()[100, 100:141].astype(int)
    assert row[0] >= 253 and row[-1] <= 1 and (np.diff(row) <= 0).all() and np.diff(row).min() > -16


def test_one_pixel_can_be_painted():
    values = painted(Brush(size=1, hardness=1), (10.5, 20.5)).values()
    assert values[20, 10] == 255 and values.sum() == 255


def test_a_line_has_no_gaps():
    values = painted(Brush(size=30, hardness=1), (20, 50), (280, 150)).values()
    for share in np.linspace(0, 0.95, 200):
        assert values[int(50 + 100 * share), int(20 + 260 * share)] == 255


def test_flow_adds_up_within_and_over_strokes():
    faint = Brush(size=40, hardness=1, flow=0.2)
    once = painted(faint, (100, 100))
    assert once.values()[100, 100] == 51
    along = painted(faint, (100, 100), (140, 100))
    assert along.values()[100, 110] > 150
    again = painted(faint, (100, 100), mask=once)
    assert again.values()[100, 100] == 92


@pytest.mark.parametrize("flow", [0.02, 0.5, 1.0])
def test_a_faint_brush_reaches_the_full_in_the_end(flow):
    there_and_back = [(100 + 40 * (index % 2), 100) for index in range(400)]
    assert painted(Brush(size=40, hardness=1, flow=flow), *there_and_back).values()[100, 120] == 255


def test_the_eraser_takes_away_to_nothing():
    values = painted(Brush(size=40, hardness=1, erase=True), (100, 100), (150, 100)).values()
    assert values[100, 125] == 0 and values[0, 0] == 255


def test_outside_of_a_stroke_nothing_changes():
    before = Mask.of(np.random.default_rng(0).integers(0, 256, (200, 300), np.uint8))
    stroke = Stroke(before, before.values(), Brush(size=30, hardness=0.3))
    boxes = [stroke.to(*point) for point in ((60, 60), (90, 70), (90, 120))]
    outside = np.ones((200, 300), bool)
    for left, top, right, bottom in filter(None, boxes):
        outside[top:bottom, left:right] = False
    assert (stroke.finished().values()[outside] == before.values()[outside]).all()


def test_a_stroke_may_leave_the_photo_and_come_back():
    values = painted(Brush(size=60), (-500, 50), (-10, 50), (40, 50), (40, 900)).values()
    assert values[50, 40] >= 253 and values[199, 40] >= 250


def test_a_stroke_beside_the_photo_is_none():
    mask = Mask.filled(SIZE, 0)
    assert painted(Brush(size=10), (-50, -50), mask=mask) is mask
