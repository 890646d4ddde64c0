import pytest

from engine.networks.registry import method
from training.recipe import recipes
from training.speed import Speed, table


@pytest.mark.parametrize("name", recipes())
def test_every_method_that_learns_takes_the_size_that_it_is_measured_at(name):
    printed, scaling = method(name).printed_speed, method(name).scaling
    assert all(side % scaling.multiple == 0 and side >= scaling.smallest for side in (printed.height, printed.width))


def test_the_table_shows_the_papers_figure_beside_ours():
    line = table([Speed("wrfn", 1000, 1000, 1, True, 4.0)]).splitlines()[-1]
    assert line == "| wrfn | 1000x1000 | 1 | yes | 4.00 | 4.0 | 86 (Titan X Pascal) |"


def test_a_paper_that_prints_no_speed_leaves_its_column_empty():
    assert table([Speed("learned-deconv", 256, 256, 1, False, 4.0)]).endswith("| 61.0 |  |")
