import base64
import json
import zlib

import numpy as np
import pytest

from engine.areas.area import Area, changed, left_out, same_run, with_found
from engine.errors import UserError
from engine.kernels.families import draw_kernel
from engine.kernels.kernel import Kernel
from engine.request import Request

KERNEL = Kernel(draw_kernel("trajectory", 21, np.random.default_rng(1)))
BOX = (10.0, 20.5, 110.0, 80.0)


def test_json_both_ways_keeps_every_bit():
    areas = (Area(BOX), Area(BOX, KERNEL, given=True), Area((0.0, 0.0, 9.0, 9.0), KERNEL, on=False))
    request = Request.from_json(json.loads(json.dumps(Request(areas=areas).to_json())))
    assert request.areas == areas and request.areas_on == areas[:2]
    assert request.areas[1].kernel.values.tobytes() == KERNEL.values.tobytes()


def test_areas_are_equal_by_what_they_hold():
    same = Kernel(KERNEL.values.copy())
    assert Area(BOX, KERNEL) == Area(BOX, same) and hash(Area(BOX, KERNEL)) == hash(Area(BOX, same))
    assert len({Area(BOX), Area(BOX, KERNEL), Area(BOX, KERNEL, True), Area(BOX, on=False)}) == 4
    assert Area(BOX) != BOX


@pytest.mark.parametrize("box", [(5.0, 5.0, 5.0, 9.0), (9.0, 0.0, 5.0, 9.0), (0.0, 0.0, float("nan"), 9.0)])
def test_a_box_without_room_is_a_sentence(box):
    with pytest.raises(UserError, match="An area must be at least 1 px wide"):
        Area(box)


def packed(width, height, values):
    return {"size": [width, height], "values": base64.b64encode(values).decode()}


@pytest.mark.parametrize(
    "wrong",
    [
        3,
        {},
        {"box": [1, 2, 3]},
        {"box": [1, 2, 30, "x"]},
        {"box": BOX, "kernel": {"size": [3, 3], "values": "?"}},
        {"box": BOX, "kernel": packed(3, 3, b"no zlib")},
        {"box": BOX, "kernel": packed(3, 3, zlib.compress(b"\0" * 8))},
        {"box": BOX, "kernel": packed(3, 3, zlib.compress(b"\0" * 10**8))},
        {"box": BOX, "kernel": packed(99999, 99999, zlib.compress(b"\0" * 8))},
        {"box": BOX, "kernel": packed(3, 3, zlib.compress(np.full(9, -1, "<f4").tobytes()))},
        {"box": BOX, "kernel": packed(2, 2, zlib.compress(np.ones(4, "<f4").tobytes()))},
    ],
    ids=str,
)
def test_what_is_no_area_is_a_sentence(wrong):
    with pytest.raises(UserError, match="An area is not written"):
        Request.from_json({"areas": [wrong]})


def test_areas_that_are_no_list_are_a_sentence():
    with pytest.raises(UserError, match="The setting 'areas' cannot be"):
        Request.from_json({"areas": {"box": BOX}})


def test_a_kernel_that_was_found_stays_in_its_box_and_a_given_one_moves_along():
    moved = (0.0, 0.0, 50.0, 50.0)
    areas = (Area(BOX, KERNEL), Area(BOX, KERNEL, given=True))
    assert changed(areas, 0, box=moved)[0] == Area(moved)
    assert changed(areas, 1, box=moved)[1] == Area(moved, KERNEL, given=True)
    assert changed(areas, 0, on=False)[0].kernel is KERNEL


def test_found_kernels_go_where_none_is():
    found = with_found((Area(BOX), Area((0.0, 0.0, 9.0, 9.0))), (Area(BOX, KERNEL),))
    assert [area.kernel for area in found] == [KERNEL, None] and not found[0].given
    assert with_found((Area(BOX, KERNEL, given=True),), (Area(BOX, Kernel(np.ones((3, 3)))),))[0].kernel is KERNEL


def test_a_run_is_the_same_by_what_was_asked():
    areas = (Area(BOX), Area(BOX, KERNEL, given=True), Area(BOX, on=False))
    assert same_run(areas, (Area(BOX, KERNEL), areas[1]))
    assert not same_run(areas, (Area(BOX), Area(BOX, Kernel(np.ones((3, 3))), given=True)))
    assert not same_run(areas, left_out(areas))
