import numpy as np
import pytest

from engine.areas.blending import field_of, nearest
from engine.areas.turning import camera_motion, path_of
from engine.kernels.estimation import similarity
from engine.kernels.families import linear_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.motion import CameraMotion
from engine.kernels.trust import no_blur

SHAPE = (500, 740)
BOXES = [
    (10.0, 10.0, 170.0, 170.0),
    (570.0, 10.0, 730.0, 170.0),
    (10.0, 330.0, 170.0, 490.0),
    (570.0, 330.0, 730.0, 490.0),
]
ANGLES = np.radians(np.linspace(-0.75, 0.75, 61))
TURN = CameraMotion(np.stack([0 * ANGLES, 0 * ANGLES, ANGLES], axis=1), np.full(61, 1 / 61), (369.5, 249.5))
LINE, ACROSS = Kernel(linear_kernel(15, 0)), Kernel(linear_kernel(9, 90))


def middle(box):
    return (box[0] + box[2] - 1) / 2, (box[1] + box[3] - 1) / 2


def test_one_area_is_one_kernel_for_the_whole_photo():
    assert field_of([LINE], BOXES[:1], SHAPE).kernels == (LINE,)
    assert len(field_of([LINE, Kernel(LINE.values.copy())], BOXES[:2], SHAPE).kernels) == 1


def test_a_turned_camera_is_known_between_the_areas_too():
    field = field_of([TURN.kernel_at(*middle(box)) for box in BOXES], BOXES, SHAPE)
    assert len(field.kernels) > 20
    true = [TURN.kernel_at(x, y) for x, y in field.positions]
    likeness = [similarity(found, kernel) for found, kernel in zip(field.kernels, true, strict=True)]
    assert np.quantile(likeness, 0.1) > 0.85


def test_two_areas_tell_a_turn_if_both_are_blurred_by_it():
    kernels = [TURN.kernel_at(*middle(box)) for box in BOXES[:2]]
    motion = camera_motion(kernels, BOXES[:2], SHAPE)
    assert similarity(motion.kernel_at(650.0, 400.0), TURN.kernel_at(650.0, 400.0)) > 0.9
    assert camera_motion([LINE, ACROSS], BOXES[:2], SHAPE) is None


def test_a_sharp_area_and_a_blurred_one_tell_no_turn():
    assert camera_motion([LINE, no_blur()], BOXES[:2], SHAPE) is None


def test_what_moved_by_itself_is_undone_where_it_is():
    boxes = [(200.0, 100.0, 500.0, 400.0), *BOXES[:2]]
    field = field_of([LINE, no_blur(), no_blur()], boxes, SHAPE)
    for kernel, (x, y) in zip(field.kernels, field.positions, strict=True):
        if 200 < x < 500 and 100 < y < 400:
            assert kernel is LINE
        if y < 170 and (x < 120 or x > 600):
            assert kernel.values.size == 1


def test_a_kernel_that_was_found_badly_does_not_spoil_the_turn():
    noise = np.random.default_rng(1)
    kernels = [TURN.kernel_at(*middle(box)).values for box in BOXES]
    kernels = [Kernel(kernel + noise.random(kernel.shape) * 0.3 * kernel.max()) for kernel in kernels]
    motion = camera_motion(kernels, BOXES, SHAPE)
    for place in ((60.0, 250.0), (370.0, 30.0), (680.0, 460.0)):
        assert similarity(motion.kernel_at(*place), TURN.kernel_at(*place)) > 0.85


def test_the_path_of_a_line_is_as_long_as_the_line():
    assert np.abs(path_of(LINE)) == pytest.approx((15, 0), abs=1)
    assert np.hypot(*path_of(no_blur())) == 0


def test_kernels_of_no_one_movement_are_not_taken_for_a_turn():
    assert camera_motion([LINE, ACROSS, LINE, LINE], BOXES, SHAPE) is None


def test_the_smallest_area_that_a_point_lies_in_counts_else_the_nearest():
    boxes = [(0.0, 0.0, 400.0, 400.0), (100.0, 100.0, 200.0, 200.0), (500.0, 0.0, 600.0, 90.0)]
    assert [nearest(boxes, point) for point in ((150, 150), (50, 50), (440, 10), (470, 10))] == [1, 0, 0, 2]
