"""A run's reports: looks, samples, events, and the lock of its folder."""

import dataclasses
import json

import numpy as np
import pytest
import torch
from PIL import Image

from engine.errors import UserError
from engine.locking import acquired, is_held
from training.options import TrainOptions
from training.progress import LOCK, Budget
from training.recipe import recipe
from training.samples import cut
from training.session import MODEST_BATCH, modest, run
from training.trial import trial

SIDE = 80


def entries(folder):
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


@pytest.fixture(autouse=True, scope="module")
def small():
    """Return settings of a smaller network of the same design, judged at a smaller size."""
    chosen = dataclasses.replace(recipe("wrfn"), settings={"blocks": 2, "channels": 16}, judge=(SIDE, SIDE))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.session.recipe", lambda _: chosen)
        patch.setattr("training.trial.recipe", lambda _: chosen)
        patch.setattr("training.samples._face_finder", lambda: None)  # loading it takes seconds
        yield


@pytest.fixture(scope="module")
def watched(photos, small, tmp_path_factory):
    """Return a run with looks, and the entries that it wrote."""
    folder = tmp_path_factory.mktemp("runs") / "watched"
    run(
        TrainOptions(
            "wrfn",
            (photos,),
            Budget(samples=120),
            folder,
            device="cpu",
            start="scratch",
            crop=40,
            batch=4,
            kernels=20,
            largest_kernel=9,
            judged=1,
            looks=2,
        )
    )
    return folder


def test_a_run_says_what_it_begins_with_and_how_it_ends(watched):
    written = entries(watched)
    assert [entry["event"] for entry in (written[0], written[-1])] == ["begun", "ended"]
    begun, ended = written[0], written[-1]
    assert begun["photos"] + begun["held_out_photos"] == 8
    assert begun["shipped"]["psnr"] > 0 and begun["input"]["psnr"] == pytest.approx(begun["shipped"]["input_psnr"])
    assert ended["finished"] and ended["samples"] == 120 and ended["card"] == "wrfn.json"
    assert ended["better"] == (ended["held_out"]["psnr"] > begun["shipped"]["psnr"])


def test_it_is_judged_before_on_the_way_and_after(watched):
    looks = [entry for entry in entries(watched) if entry.get("event") == "judged"]
    assert [entry["spent"] for entry in looks] == [0, pytest.approx(0.5, abs=0.2), 1]
    assert looks[0]["held_out"]["input_psnr"] == looks[-1]["held_out"]["input_psnr"]


def test_the_samples_show_blurred_restored_and_sharp(watched):
    looks = [entry for entry in entries(watched) if entry.get("event") == "judged"]
    first, last = (np.asarray(Image.open(watched / look["picture"])).astype(int) for look in (looks[0], looks[-1]))
    assert first.shape == (3 * SIDE, 4 * SIDE, 3)  # four pictures are held out
    blurred, restored, sharp = np.split(first, 3)
    assert np.abs(blurred - sharp).mean() > 1
    assert np.array_equal(last[:SIDE], blurred) and np.array_equal(last[2 * SIDE :], sharp)
    assert not np.array_equal(last[SIDE : 2 * SIDE], restored)


def test_no_verdicts_during_the_run_unless_asked(options):
    outcome = run(options())
    assert not (outcome.card.parent / "samples").exists()
    assert not [entry for entry in entries(outcome.card.parent) if entry.get("event") == "judged"]


def test_the_samples_are_cut_about_faces_and_inside_the_picture():
    picture = np.indices((60, 100)).sum(0)[..., None].repeat(3, -1)
    assert np.array_equal(cut(picture, (90, 10), (20, 30)), picture[0:20, 70:100])
    assert np.array_equal(cut(picture, (50, 30), (20, 30)), picture[20:40, 35:65])
    assert cut(picture[:9, :9], (4, 4), (20, 30)).shape == (20, 30, 3)


def test_a_second_process_is_refused_and_a_later_one_is_not(options):
    made = options()
    made.folder.mkdir()
    with acquired(made.folder / LOCK), pytest.raises(UserError, match="another process"):
        run(made)
    assert run(made).finished
    assert not is_held(made.folder / LOCK)


def test_a_trial_measures_speed_and_memory_and_leaves_nothing(options, monkeypatch):
    monkeypatch.setattr("training.trial.SECONDS", 0.0)
    made = options()
    measured = trial(made)
    assert measured.samples_per_second > 0 and measured.memory > 10_000_000
    assert (measured.crop, measured.batch) == (40, 4)
    assert not made.folder.exists()


def test_a_cpu_gets_modest_sizes_where_none_are_asked_for(options):
    plain = dataclasses.replace(options(), crop=None, batch=None)
    assert modest(plain, recipe("wrfn"), torch.device("cpu")).crop == 160
    assert modest(plain, recipe("deepdeblur"), torch.device("cpu")).crop is None
    assert modest(plain, recipe("wrfn"), torch.device("cpu")).batch == MODEST_BATCH
    assert modest(plain, recipe("wrfn"), torch.device("cuda")) == plain
