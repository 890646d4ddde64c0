import dataclasses
import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.errors import UserError
from engine.networks.registry import method
from training.judge import HeldOutScores
from training.progress import Budget
from training.publishing import is_better
from training.recipe import recipe
from training.session import adapted, network_of, run

pytestmark = pytest.mark.usefixtures("small_sessions")


def weights(folder):
    return load_file(folder / "checkpoint.safetensors")


def test_training_writes_weights_a_card_and_a_log(options, small):
    entries = []
    outcome = run(options(), on_entry=entries.append)
    assert outcome.finished
    card = json.loads(outcome.card.read_text())
    assert card["samples_seen"] == 16
    assert card["parameters"] == sum(p.numel() for p in method("wrfn").build(small["wrfn"]).parameters())
    assert card["evaluations"]["held out"]["psnr"] == pytest.approx(outcome.new.psnr, abs=1e-3)
    saved = load_file(outcome.card.with_suffix(".safetensors"))
    assert {t.dtype for t in saved.values()} == {torch.float16}


def test_going_on_is_the_same_as_not_having_stopped(options, tmp_path):
    run(options(samples=32, folder=tmp_path / "whole"))
    halted = options(samples=32, folder=tmp_path / "halves")
    stopped = dataclasses.replace(halted, call_minutes=0.0)  # ends at the first reading of the clock
    assert not run(stopped).finished
    assert run(dataclasses.replace(halted, resume=True)).finished
    whole, halves = weights(tmp_path / "whole"), weights(tmp_path / "halves")
    assert whole.keys() == halves.keys()
    assert all(torch.equal(whole[name], halves[name]) for name in whole)


def test_a_run_is_not_overwritten_by_accident(options):
    run(options())
    with pytest.raises(UserError, match="--resume"):
        run(options())


def test_a_crop_that_the_network_cannot_take_is_a_sentence(options):
    with pytest.raises(UserError, match="wrfn takes crops whose sides are multiples of 5 px, not 64 px"):
        run(dataclasses.replace(options(), crop=64))


def test_a_stopped_run_keeps_its_checkpoint(options):
    from threading import Event

    stop = Event()
    stop.set()
    outcome = run(options(), stop=stop)
    assert not outcome.finished


def test_worse_weights_are_not_published(options, tmp_path):
    first = run(options(folder=tmp_path / "a", publish=tmp_path / "shelf"))
    assert (first.published is not None) == (first.new.psnr > first.new.input_psnr)
    spoiled = options(
        folder=tmp_path / "b", start=str(tmp_path / "a" / "wrfn.safetensors"), publish=tmp_path / "shelf2",
        learning_rate=1.0,
    )  # fmt: skip
    second = run(spoiled)
    assert second.new.psnr < second.old.psnr
    assert second.published is None
    assert not (tmp_path / "shelf2").exists()


def test_better_is_measured_against_the_old_weights_or_the_input():
    verdict = HeldOutScores(psnr=25.0, ssim=0.8, input_psnr=24.0, input_ssim=0.7, better=1.0)
    assert is_better(verdict, None)
    assert not is_better(verdict, dataclasses.replace(verdict, psnr=25.1))


@pytest.mark.parametrize("budget", [{}, {"minutes": 1, "samples": 1}, {"minutes": 0}, {"samples": -1}])
def test_a_budget_is_one_positive_figure(budget):
    with pytest.raises(UserError):
        Budget(**budget)


def test_a_later_burst_continues_with_one_stage_alone(options):
    asked = dataclasses.replace(options(), recipe="semantic", crop=32, stages=("together",))
    (stage,) = adapted(recipe("semantic"), asked).stages
    assert (stage.name, stage.crop) == ("together", (32, 32))


def test_a_stage_that_a_recipe_has_not_is_a_sentence(options):
    with pytest.raises(UserError, match=r"The recipe wrfn has no stage 'fine'\. There are: restore\."):
        run(dataclasses.replace(options(), stages=("fine",)))


def test_a_later_burst_keeps_the_settings_of_what_it_starts_from(options, tmp_path):
    weights = tmp_path / "learned-deconv.safetensors"
    weights.touch()
    weights.with_suffix(".json").write_text(json.dumps({"settings": {"kernel_beta": 10.0, "smoothness": 3.0}}))

    def settings(name: str) -> dict:
        return dict(adapted(recipe(name), dataclasses.replace(options(), recipe=name, start=str(weights))).settings)

    assert settings("learned-deconv") == {"kernel_beta": 10.0, "smoothness": 3.0}
    assert settings("learned-deconv@beta=1") == {"kernel_beta": 1.0, "smoothness": 3.0}


def test_a_later_bursts_card_counts_what_the_weights_had_seen(options, tmp_path):
    first = run(options(samples=16, folder=tmp_path / "first"))
    start = str(first.card.with_suffix(".safetensors"))
    second = run(options(samples=8, folder=tmp_path / "second", start=start))
    card = json.loads(second.card.read_text())
    assert card["samples_seen"] == 24
    assert [(burst["samples"], burst["started_from"]) for burst in card["bursts"]] == [
        (16, None),
        (8, "wrfn.safetensors"),
    ]
    assert card["data"] == json.loads(first.card.read_text())["data"]


def test_weights_that_do_not_fit_are_a_sentence(options, tmp_path):
    junk, other = tmp_path / "junk.safetensors", tmp_path / "other.safetensors"
    junk.write_bytes(b"junk")
    save_file({"layer.weight": torch.zeros(3)}, other)
    for start in (junk, other, tmp_path):
        with pytest.raises(UserError, match="no weights that wrfn with these settings could start from"):
            network_of(recipe("wrfn"), str(start))


def test_a_part_begins_anew_and_the_rest_as_the_weights_have_it(options, tmp_path):
    chosen = adapted(recipe("wrfn"), options())
    first, _ = network_of(chosen, "scratch")
    path = tmp_path / "mine.safetensors"
    names = [name.partition(".")[0] for name in first.state_dict()]
    part, other = names[0], names[-1]
    weights = {name: torch.full_like(t, 7.0) for name, t in first.state_dict().items()}
    save_file({name: tensor for name, tensor in weights.items() if not name.startswith(part)}, path)
    with pytest.raises(UserError, match="could start from"):
        network_of(chosen, str(path))
    network, _ = network_of(chosen, str(path), (part,))
    values = network.state_dict()
    assert all((values[name] == 7).all() for name in values if name.startswith(other))
    assert not any((values[name] == 7).any() for name in values if name.startswith(part))


def test_what_begins_anew_is_judged_by_the_weights_that_ship(options, tmp_path, monkeypatch):
    first = run(options(samples=4, folder=tmp_path / "first"))
    weights = first.card.with_suffix(".safetensors")
    monkeypatch.setattr("training.session._shipped", lambda *_: first.new)
    part = next(iter(load_file(weights))).partition(".")[0]
    second = run(options(samples=4, folder=tmp_path / "second", start=str(weights), anew=(part,)))
    assert second.old == first.new
    assert json.loads(second.card.read_text())["evaluations"]["held out, before"] == first.new.as_dict()


def test_a_cards_settings_that_a_network_does_not_know_are_a_sentence(options, tmp_path):
    weights = tmp_path / "mine.safetensors"
    weights.touch()
    weights.with_suffix(".json").write_text(json.dumps({"settings": {"colour": "blue"}}))
    asked = options(start=str(weights))
    with pytest.raises(UserError, match="could start from"):
        network_of(adapted(recipe("wrfn"), asked), asked.start)


def test_weights_that_cannot_be_published_are_in_the_runs_folder(options, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr("training.session.is_better", lambda new, old: True)
    asked = options(samples=4, publish=tmp_path / "file" / "shelf")
    with pytest.raises(UserError, match=r"shelf.*cannot be written"):
        run(asked)
    assert (asked.folder / "wrfn.safetensors").exists() and (asked.folder / "wrfn.json").exists()


def test_incomplete_files_of_a_killed_process_are_removed(options):
    asked = options(samples=4)
    asked.folder.mkdir()
    left = asked.folder / f".acutance-{'0' * 16}.tmp"
    left.touch()
    run(asked)
    assert not left.exists()
