from training.recipe import recipes
from training.speed import PAPER, Speed, table


def test_every_method_that_learns_has_a_size_to_be_measured_at():
    assert PAPER.keys() == set(recipes())


def test_the_table_shows_the_papers_figure_beside_ours():
    line = table([Speed("wrfn", 1000, 1000, 1, True, 4.0, 86.0)]).splitlines()[-1]
    assert line == "| wrfn | 1000x1000 | 1 | yes | 4.00 | 4.0 | 86 (Titan X Pascal) |"
