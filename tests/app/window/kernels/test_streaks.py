import numpy as np
import pytest

from app.window.kernels.lights import lights_in
from app.window.kernels.streaks import MOST, Streak, around, light_streaks


def night(*lights):
    pixels = np.full((300, 400, 3), 0.05, np.float32)
    for x, y in lights:
        pixels[y : y + 3, x : x + 9] = 0.9
    return pixels


def test_lights_are_found_in_their_middle():
    found = light_streaks(night((60, 60), (300, 200)))
    assert {(round(streak.x), round(streak.y)) for streak in found} == {(64, 62), (304, 202)} or all(
        min(abs(streak.x - x) for x in (64.5, 304.5)) < 2 for streak in found
    )
    assert len(found) == 2


def test_in_a_box_its_own_lights_count_at_their_place_in_the_photo():
    (found,) = lights_in(night((60, 60), (300, 200)), (200.0, 100.0, 400.0, 300.0))
    assert abs(found.x - 304.5) < 2 and abs(found.y - 201.5) < 2
    assert len(lights_in(night((60, 60), (300, 200)), None)) == 2


def test_a_plain_or_tiny_photo_has_none():
    assert light_streaks(np.full((300, 400, 3), 0.5, np.float32)) == []
    assert light_streaks(np.zeros((5, 5, 3), np.float32)) == []


def test_there_are_not_too_many():
    lights = [(x, y) for x in range(10, 390, 70) for y in range(10, 290, 70)]
    assert len(light_streaks(night(*lights))) == MOST


@pytest.mark.parametrize("at", [(0.0, 0.0), (399.0, 299.0), (64.0, 61.0)])
def test_the_part_around_a_light_has_the_size_of_the_grid_at_the_edge_too(at):
    part = around(night((60, 60)), Streak(*at), 25)
    assert part.shape == (25, 25) and part.dtype == np.uint8
