import pytest

from engine.errors import UserError
from engine.networks.registry import methods
from training.recipe import Recipe, TrainingStage, cosine, recipe, recipes, staircase
from training.recipes.wrfn import RECIPE, PixelLoss


def test_every_recipe_makes_weights_of_an_installed_method():
    assert {recipe(r).method for r in recipes()} <= set(methods())
    assert "wrfn" in recipes()


def test_an_unknown_recipe_is_a_sentence_with_the_known_ones():
    with pytest.raises(UserError, match="wrfn"):
        recipe("soup")


def test_a_variant_stands_after_an_at_sign():
    assert recipe("wrfn@paper").settings == {"skip": False}
    with pytest.raises(UserError, match="no variant"):
        recipe("wrfn@soup")


def test_variants_add_up():
    small = recipe("learned-deconv@scales=17@filters=16")
    assert small.settings["scales"] == (17,)
    assert small.settings["filters"] == 16
    assert [stage.name for stage in small.stages] == ["scale 17 px", "end to end"]
    assert recipe("wrfn@paper@batch=24").settings == {"skip": False}


def test_stages_share_the_budget():
    stages = tuple(TrainingStage(n, s, PixelLoss, (8, 8), 1, 1e-3) for n, s in (("a", 1.0), ("b", 3.0)))
    two = Recipe("wrfn", stages, RECIPE.degradation, target=1)
    assert two.stage_at(0.0) == (0, 0.0)
    assert two.stage_at(0.25) == (1, 0.0)
    assert two.stage_at(0.625) == (1, 0.5)
    assert two.stage_at(1.0) == (1, 1.0)


def test_the_cosine_rises_and_falls_within_its_bounds():
    factor = cosine(warmup=0.1, floor=0.05)
    values = [factor(i / 100) for i in range(101)]
    assert max(values) == pytest.approx(factor(0.1)) == 1
    assert values[-1] == pytest.approx(0.05)
    assert all(0 < v <= 1 for v in values)


def test_the_staircase_is_the_papers():
    factor = staircase(0.1, 0.9)
    assert factor(0.05) == 1
    assert factor(0.95) == pytest.approx(0.9**9)
