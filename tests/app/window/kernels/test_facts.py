import numpy as np
import pytest

from app.window.kernels.facts import kernel_facts
from engine.kernels.kernel import Kernel


def line(angle, length=21, side=31):
    values = np.zeros((side, side), np.float32)
    for step in np.linspace(-length / 2, length / 2, 400):
        x, y = step * np.cos(np.radians(angle)), -step * np.sin(np.radians(angle))
        values[round(side // 2 + y), round(side // 2 + x)] += 1
    return Kernel(values)


@pytest.mark.parametrize("angle", [0, 30, 45, 90, 120, 170])
def test_a_straight_motion_has_its_direction(angle):
    facts = kernel_facts(line(angle))
    assert facts.direction is not None
    assert abs((facts.direction - angle + 90) % 180 - 90) < 3


def test_a_disc_has_no_direction():
    y, x = np.mgrid[-7:8, -7:8]
    facts = kernel_facts(Kernel((x**2 + y**2 <= 36).astype(np.float32)))
    assert facts.direction is None and facts.extent == (13, 13)
    assert "no main direction" in facts.sentence()


def test_a_point_is_one_pixel():
    facts = kernel_facts(Kernel(np.ones((1, 1), np.float32)))
    assert facts.extent == (1, 1) and facts.direction is None


def test_a_faint_tail_of_a_point_is_no_direction():
    values = np.zeros((9, 9), np.float32)
    values[4, 4], values[7:9, 4] = 1, 0.04
    facts = kernel_facts(Kernel(values))
    assert facts.extent == (1, 1) and facts.direction is None
