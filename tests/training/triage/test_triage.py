"""Photos are spoiled as their truth says, a folder of them can be judged, and lessons teach."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind
from engine.diagnosis.judging import HELP, KINDS, judge
from engine.diagnosis.learned import CARD_ID
from engine.errors import UserError
from engine.weights import find_weights
from training.sources import Source
from training.triage import judging
from training.triage.expecting import RIGHT, taught_gains
from training.triage.folder import Truth, make, truths_of
from training.triage.gains import of_material
from training.triage.judging import Judged, gains_told, goals, table
from training.triage.kinds import BLURRED_WAYS, SHARP_WAYS
from training.triage.learning import Held, limits
from training.triage.lessons import JUDGE, TEACH, continued, half_of, lesson, loaded, saved
from training.triage.publishing import figures_of_gains, publish, told


@pytest.fixture
def sharp():
    rng = np.random.default_rng(0)
    blocks = np.kron(rng.uniform(0.1, 0.9, (22, 30)), np.ones((16, 16)))
    return blocks.astype(np.float32)[..., None]


@pytest.mark.parametrize("way", dict.fromkeys((*SHARP_WAYS, *BLURRED_WAYS)), ids=lambda way: way.__name__)
def test_every_way_keeps_the_size_and_says_what_it_did(sharp, way):
    spoiled = way(sharp, np.random.default_rng(1), 1.0)
    assert spoiled.pixels.shape == sharp.shape and np.isfinite(spoiled.pixels).all()
    assert spoiled.marks.shape == (*sharp.shape[:2], 4)
    assert (spoiled.kind is Kind.SHARP) == spoiled.name.startswith("sharp")
    if spoiled.kind is not Kind.SHARP:
        assert np.abs(spoiled.pixels - sharp).max() > 0.05


def test_a_lesson_survives_on_the_disk(sharp, tmp_path):
    made = [lesson("place", sharp, np.random.default_rng(seed)) for seed in range(2)]
    assert saved(tmp_path, iter(made), "seed-0", every=1) == 2
    again = loaded(tmp_path)
    assert [each.kind for each in again] == [each.kind for each in made]
    assert np.array_equal(again[1].figures, made[1].figures)
    assert again[0].truths.shape == (len(again[0].boxes), 4)


def test_no_lessons_are_told(tmp_path):
    with pytest.raises(UserError, match="no lessons"):
        loaded(tmp_path)


def test_the_halves_are_of_the_names_alone():
    names = [f"{number}.jpg" for number in range(200)]
    halves = [half_of(Source(name, b"")) for name in names]
    assert halves == [half_of(Source(name, b"other")) for name in names]
    assert 70 < halves.count(TEACH) < 130 and halves.count(JUDGE) == 200 - halves.count(TEACH)


def test_a_picture_is_continued_by_its_reflection():
    row = continued(np.arange(3.0)[None, :, None], (1, 8))[0, :, 0]
    assert row.tolist() == [0, 1, 2, 2, 1, 0, 0, 1]


def test_a_folder_of_each_kind_is_made(tmp_path):
    rng = np.random.default_rng(0)
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(12):
        blocks = np.kron(rng.integers(0, 255, (20, 26, 3)), np.ones((16, 16, 1)))
        Image.fromarray(blocks.astype(np.uint8)).save(pictures / f"{number}.png")
    truths = list(make([pictures], JUDGE, 5, (0.1, 0.2), tmp_path / "made", 0))
    assert {truth.kind for truth in truths} == {str(kind) for kind in KINDS}
    assert truths_of(tmp_path / "made") == truths
    assert sorted(path.name for path in (tmp_path / "made").glob("*.jpg")) == [truth.photo for truth in truths]


def test_a_folder_without_a_table_is_told(tmp_path):
    with pytest.raises(UserError, match="no table"):
        truths_of(tmp_path)


def test_the_limits_let_few_sharp_photos_be_called_blurred():
    rng = np.random.default_rng(0)
    truth = np.repeat(np.arange(5), 400)
    kinds = 0.55 * np.eye(5)[truth] + 0.45 * rng.dirichlet(np.ones(5) * 0.6, len(truth))
    held = Held(kinds, truth, ("",) * len(truth))
    made = type(judge())({}, limits(held))
    answers = told(made, held)
    wrong = (answers[truth == 0] > 0) & (answers[truth == 0] < 5)
    assert wrong.mean() <= 0.02 and (answers[truth > 0] == truth[truth > 0]).mean() > 0.9


def lessons_about_gain(sharp, count):
    """Return lessons whose photos win the more, the less noise they have."""
    made = [lesson("place", sharp, np.random.default_rng(seed)) for seed in range(8)]
    noise = np.array([each.figures[:, 0].mean() for each in made])
    gains = 4 * (noise.max() - noise) / np.ptp(noise)
    known = [replace(each, gain=float(gain)) for each, gain in zip(made, gains, strict=True)]
    return [replace(known[number % 8], place=str(number)) for number in range(count)]


def test_what_restoring_wins_is_learned(sharp):
    made, held = taught_gains(judge(), lessons_about_gain(sharp, 64))
    figures = figures_of_gains(made, held)
    assert figures["gain_rank_correlation"] > 0.8 and figures["gain_error"] < 1
    assert (held.gains[held.helps >= made.limits.saved] >= HELP).mean() >= RIGHT - 0.02  # photos with equal answers
    assert made.forests["kind"] is judge().forests["kind"]


def test_a_few_lessons_teach_no_gain(sharp):
    with pytest.raises(UserError, match="too few"):
        taught_gains(judge(), lessons_about_gain(sharp, 8))


def test_the_card_says_what_was_learned_and_keeps_what_was_not(sharp, tmp_path):
    lessons = lessons_about_gain(sharp, 48)
    made, held = taught_gains(judge(), lessons)
    card = json.loads(publish(tmp_path, made, (lessons, held), None).read_text())
    ships = json.loads(find_weights(CARD_ID).path.with_suffix(".json").read_text())
    assert card["gains"]["samples_seen"] == 48 and card["settings"]["saved"] == made.limits.saved
    assert card["evaluations"] == ships["evaluations"] and card["samples_seen"] == ships["samples_seen"]
    assert find_weights(CARD_ID, [tmp_path]).card.sha256 == card["sha256"]


def test_a_lesson_knows_what_restoring_won(sharp):
    asked = []

    def won(plane, truth):
        asked.append(plane.shape == truth.shape)
        return 2.5

    made = lesson("place", sharp, np.random.default_rng(3), won)
    assert made.gain == 2.5 and asked == [True] and made.plane.dtype == np.uint8
    assert lesson("place", sharp, np.random.default_rng(3)).plane.size == 0


def test_pieces_of_material_tell_what_the_finish_wins(tmp_path):
    rng = np.random.default_rng(0)
    clear = np.kron(rng.integers(30, 220, (16, 16)), np.ones((13, 13))).astype(np.uint8)[..., None].repeat(3, 2)
    soft = cv2.GaussianBlur(clear, (0, 0), 3)
    seen = np.concatenate([soft, soft, clear, clear, clear, np.full((208, 208, 1), 128, np.uint8)], 2)
    np.savez(tmp_path / "one.npz", way="shaken", place="x", sharp=clear, seen=seen, trust=np.ones(4, np.float32))
    (found,) = of_material(tmp_path, 1.0, 0)
    assert found.gain > 0.5 and found.kind == "shaken" and len(found.boxes)
    with pytest.raises(UserError, match="no material"):
        next(of_material(tmp_path / "none", 1.0, 0))


def test_expected_and_real_gains_are_compared(sharp):
    soft = (255 * cv2.GaussianBlur(sharp[..., 0], (0, 0), 3)).astype(np.uint8)
    planes = [np.zeros((300, 300), np.uint8)] * 3 + [soft]
    lessons = [
        replace(each, plane=plane, gain=float(plane is soft), kind="out of focus")
        for each, plane in zip(lessons_about_gain(sharp, 4), planes, strict=True)
    ]
    said = gains_told(lessons)
    assert said.count("rank correlation 1.00, won 0.25 dB") == 2 and said.startswith("all photos: 4")
    assert "keep: 3, of which 0.5 dB or more are won in 0.0%" in said


def test_the_table_and_the_goals_count_right():
    def of(kind, **more):
        return Diagnosis(kind, 0.9, Advice.KEEP, 0.5, **more)

    truths = [
        Truth("a", "sharp", "sharp", 0, 0, 0, 4),
        Truth("b", "sharp: fog", "sharp", 0, 0, 0, 8),
        Truth("c", "shaken", "shaken", 12, 30, 0, 4),
        Truth("d", "shaken", "shaken", 4, 30, 0, 4),
        Truth("e", "mixed", "mixed", 20, 170, 5, 4),
    ]
    answers = [
        of(Kind.SHARP), of(Kind.SHAKEN, extent=5), of(Kind.SHARP), of(Kind.SHARP),
        of(Kind.MIXED, extent=10, direction=5, radius=5),
    ]  # fmt: skip
    found = Judged(truths, answers, 2.0, 2, 3.0)
    text = goals(found)
    assert "sharp called blurred: 1 of 2 (50.0%)" in text
    assert "shake above 6 px called sharp: 1 of 1 (100.0%)" in text
    assert "extent, found over true: median 0.50" in text and "direction, degrees apart: median 15.00" in text
    assert "0.40 s a photo on 2 cores, 0.60 s of computing" in text
    assert "| shaken | 2 | 2 |  |  |  |  |  |" in table(found) and judging.SEEN == 6
