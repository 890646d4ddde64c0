"""Photos are spoiled as their truth says, a folder of them can be judged, and lessons teach."""

import numpy as np
import pytest
from PIL import Image

from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind
from engine.diagnosis.judging import KINDS, judge
from engine.errors import UserError
from training.sources import Source
from training.triage import judging
from training.triage.folder import Truth, make, truths_of
from training.triage.judging import Judged, goals, table
from training.triage.kinds import BLURRED_WAYS, SHARP_WAYS
from training.triage.learning import Held, limits
from training.triage.lessons import JUDGE, TEACH, continued, half_of, lesson, loaded, saved
from training.triage.publishing import told


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
    gains = rng.uniform(-1, 4, 300)
    held = Held(kinds, truth, ("",) * len(truth), gains, gains, (gains / 4).clip(0, 1))
    made = type(judge())({}, limits(held))
    answers = told(made, held)
    wrong = (answers[truth == 0] > 0) & (answers[truth == 0] < 5)
    assert wrong.mean() <= 0.02 and (answers[truth > 0] == truth[truth > 0]).mean() > 0.9


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
