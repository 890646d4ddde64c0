import dataclasses
import json

import pytest

from app.window.training.offers import offers
from app.window.training.plan import Plan, new_folder, read_plan, runs
from engine.errors import UserError
from training.recipe import recipe, recipes

PLAN = Plan("my faces: 1/2", "wrfn", "/photos", 30, "shipped", "cpu", 160, 8, ("--judged", "2"))


def test_a_plan_comes_back_as_it_was_kept(tmp_path):
    folder = new_folder(PLAN, tmp_path / "runs")
    assert read_plan(folder) == PLAN
    assert folder.name.endswith("wrfn my faces 1 2")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"name": 1, "method": 2, "source": 3, "minutes": "x"}'])
def test_a_plan_that_cannot_be_read_is_none(tmp_path, text):
    (tmp_path / "plan.json").write_text(text)
    assert read_plan(tmp_path) is None


def test_a_plan_of_a_later_version_is_read_as_far_as_it_is_known(tmp_path):
    (tmp_path / "plan.json").write_text(json.dumps({**dataclasses.asdict(PLAN), "novelty": 1}))
    assert read_plan(tmp_path) == PLAN


def test_runs_are_listed_the_newest_first_and_never_share_a_folder(tmp_path):
    folders = [new_folder(PLAN, tmp_path) for _ in range(3)]
    (tmp_path / "something else").mkdir()
    assert len(set(folders)) == 3 and set(runs(tmp_path)) == set(folders)


def test_a_folder_that_cannot_be_made_is_reported(tmp_path):
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(UserError, match="runs"):
        new_folder(PLAN, tmp_path / "runs")


def parsed(words):
    import argparse

    from app.cli.train import add_arguments
    from training.options import train_options

    parser = argparse.ArgumentParser()
    add_arguments(parser)
    given = parser.parse_args(words[1:])
    return given, train_options(given)


def test_the_command_line_understands_what_a_plan_asks(tmp_path):
    given, options = parsed(PLAN.arguments(tmp_path))
    assert given.stop_with_input and not options.resume
    assert options.recipe == "wrfn" and options.start == "shipped" and options.peak == 0.3
    assert options.photos == (tmp_path / "photos.txt",) and options.folder == tmp_path
    assert options.budget.minutes == 30 and options.looks == 20
    assert (options.crop, options.batch, options.device, options.judged) == (160, 8, "cpu", 2)


def test_from_nothing_it_learns_at_the_full_rate_and_a_checkpoint_is_gone_on_with(tmp_path):
    (tmp_path / "checkpoint.safetensors").touch()
    _, options = parsed(dataclasses.replace(PLAN, start="scratch", device="auto", crop=None).arguments(tmp_path))
    assert options.resume and options.peak == 1.0 and options.device == "auto" and options.crop is None


def test_a_trial_is_asked_for_as_the_command_line_understands(tmp_path):
    given, _ = parsed(PLAN.trial_arguments(tmp_path / "photos.txt"))
    assert given.trial and given.json


def test_the_pages_facts_about_recipes_are_true():
    assert {offer.id for offer in offers()} == set(recipes())
    labelled = {name for name in recipes() if recipe(name).needs_labels}
    assert labelled == {"semantic"} == {offer.id for offer in offers() if offer.reason}
    aligned = {name for name in recipes() if recipe(name).fit} - labelled
    assert aligned == {offer.id for offer in offers() if offer.wish}
    shipped = {offer.id: offer.shipped_samples for offer in offers()}
    assert shipped["wrfn"]
