import dataclasses
import importlib
import json

import pytest

from engine.errors import UserError
from engine.kernels.families import linear_kernel
from engine.kernels.files import save_kernel
from engine.kernels.kernel import Kernel
from engine.networks.registry import method
from training.ablation import AblationOptions, ablate
from training.recipe import changed, recipe, recipes, variants

OPTIONS = [
    (name, option)
    for name in recipes()
    for option in importlib.import_module(f"training.recipes.{name.replace('-', '_')}").ABLATIONS
]


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=[f"{n}, {o}" for n, o in OPTIONS])
def test_every_variant_is_a_recipe_of_the_same_method_and_the_first_is_the_recipe_itself(name, option):
    plain, choices = recipe(name), variants(name, option)
    assert len(choices) > 1
    for index, choice in enumerate(choices):
        varied = recipe(f"{name}@{option}={choice}")
        settings = {**method(name).settings, **varied.settings}
        same = [stage.name for stage in varied.stages] == [stage.name for stage in plain.stages]
        assert varied.method == plain.method
        assert set(settings) == set(method(name).settings)
        assert (index == 0) == (
            settings == {**method(name).settings, **plain.settings} and same and _alike(varied, plain)
        )


def _alike(one, other):
    return one.degradation == other.degradation and all(
        (a.share, a.learning_rate, a.batch, a.objective, a.optimiser)
        == (b.share, b.learning_rate, b.batch, b.objective, b.optimiser)
        for a, b in zip(one.stages, other.stages, strict=True)
    )


def test_unknown_options_and_variants_are_sentences():
    with pytest.raises(UserError, match="skip"):
        variants("wrfn", "soup")
    with pytest.raises(UserError, match="without"):
        recipe("wrfn@skip=soup")


@pytest.fixture
def tiny(monkeypatch, small):
    """Give every recipe a small network."""
    monkeypatch.setattr("training.session.recipe", _small(small))
    monkeypatch.setattr("training.ablation.recipe", _small(small))


def _small(small):
    def chosen(recipe_id):
        found = recipe(recipe_id)
        settings = {**small[found.method], **found.settings}
        return dataclasses.replace(found, settings=settings, judge=(80, 80))

    return chosen


def test_an_ablation_gives_a_table_and_continues_where_it_was_cut_short(options, photos, tmp_path, tiny):
    save_kernel(Kernel(linear_kernel(7.0, 20.0)), tmp_path / "kernel.npy")
    wished = AblationOptions(options(samples=8), "skip", photos, str(tmp_path / "kernel.npy"))
    hasty = AblationOptions(options(samples=8, call_minutes=0.0), "skip", photos)
    assert not ablate(hasty)[1]
    table, complete = ablate(wished)
    assert complete
    lines = table.splitlines()
    assert "8 samples each, seed 0" in lines[0]
    assert [line.split("|")[1].strip() for line in lines[4:]] == ["with", "without"]
    folder = options().folder / "skip"
    assert (folder / "table.md").read_text(encoding="utf-8") == table
    with_skip = json.loads((folder / "with" / "result.json").read_text(encoding="utf-8"))
    without = json.loads((folder / "without" / "result.json").read_text(encoding="utf-8"))
    assert with_skip["samples"] == without["samples"] == 8
    assert with_skip["input_psnr"] == without["input_psnr"]  # one judge for all variants
    assert with_skip["psnr"] > without["psnr"]
    (folder / "with" / "checkpoint.safetensors").unlink()
    assert ablate(wished) == (table, True)  # finished variants are not repeated


@pytest.mark.slow
def test_methods_that_see_kernels_are_judged_by_them(options, photos, tiny):
    wished = options(samples=12, recipe="analysis-synthesis", crop=48, batch=2)
    table, _ = ablate(AblationOptions(wished, "kernel loss"))
    similarities = [float(line.split("|")[-2]) for line in table.splitlines()[4:]]
    assert len(similarities) == 2
    assert all(-1 <= value <= 1 for value in similarities)


def test_stages_without_a_share_are_left_out():
    left = changed(shares={"coarse": 0.0})(recipe("semantic"))
    assert [stage.name for stage in left.stages] == ["parsing", "fine", "together"]
