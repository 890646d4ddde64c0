"""The finish: what it learns from, and that it learns."""

import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from engine.errors import UserError
from engine.kernels.blurring import blur
from engine.kernels.estimation import luma
from engine.kernels.families import linear_kernel
from engine.kernels.kernel import Kernel
from engine.networks.finish.candidates import CHANNELS, TRUST
from training.finish import learning, material
from training.finish.__main__ import main
from training.finish.learning import drawn, error
from training.finish.material import Material, loaded, of_lessons, of_others, saved
from training.kernel_judge.lessons import NOTHING, Lesson, stacked
from training.kernel_judge.lessons import saved as lessons_saved
from training.registration import apart, moved
from training.sources import sources

SHARP = data.astronaut()[:96, 180:276]
LINE, OTHER = Kernel(linear_kernel(7, 20)), Kernel(linear_kernel(9, 120))


def lesson(way: str = "shaken", true: Kernel | None = LINE) -> Lesson:
    blurred = (blur(SHARP.astype(np.float32) / 255, LINE) * 255).round().astype(np.uint8)
    kernels, worth = stacked([LINE, OTHER]), np.array([2.0, -1.0])
    known = NOTHING if true is None else stacked([true])[0]
    return Lesson(way, "00001-ffhq.webp", np.ones((2, 39)), worth, worth / 3, 0.5, kernels, known, blurred, SHARP)


@pytest.fixture(autouse=True)
def judged_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rank the kernels in the order of the lesson: forests have their own tests."""
    from engine.kernels.candidate_judge import Found

    def ranked(lessons: Sequence[Lesson], seed: int = 0) -> list[list[Found]]:
        return [[Found(LINE, 2.0, 1.0, 0.9), Found(OTHER, 0.0, -1.0, 0.1)] for _ in lessons]

    monkeypatch.setattr(material, "ranked_unseen", ranked)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.fromarray(data.astronaut()).save(folder / "astronaut.png")
    return folder


def test_the_truth_lies_where_the_best_restoration_does():
    sharp = data.astronaut()[:160, 130:320].astype(np.float32) / 255
    by = np.array([1.3, -0.6])
    found = material.laid(sharp, (blur(sharp, LINE), moved(sharp, by)))
    assert apart(luma(found), luma(moved(sharp, by))) < 1e-5
    assert material.laid(sharp, (sharp, blur(sharp, LINE))) is sharp


def unchanged(pixels: np.ndarray) -> np.ndarray:
    return pixels


def test_a_lessons_own_picture_is_material():
    (made,) = of_lessons([lesson(), lesson(true=None)][:1], unchanged)
    assert made.seen.shape == (*SHARP.shape[:2], CHANNELS) and made.seen.dtype == np.uint8
    assert np.array_equal(made.sharp, SHARP) and len(made.trust) == TRUST
    assert np.array_equal(made.seen[..., :3], made.seen[..., 3:6]), "the network changes nothing"
    assert abs(made.seen[..., -1].mean() - 127.5) < 2, "the true kernel explains the picture"


@pytest.mark.parametrize("way", ["shaken", "shaken in linear light", "turned", "sharp"])
def test_other_pictures_are_spoiled_as_the_lesson_was(way: str, photos: Path):
    one = lesson(way, LINE if way.startswith("shaken") else None)
    made = list(itertools.islice(of_others([one], [list(sources([photos]))], unchanged, 3), 2))
    assert {each.way for each in made} == {way}
    for each in made:
        assert min(each.sharp.shape[:2]) <= material.SIDE and each.seen.shape[2] == CHANNELS
        difference = np.abs(each.seen[..., :3].astype(int) - each.sharp).mean()
        assert 0 < difference < 40


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_as_many_as_asked_for_are_undone_by_their_true_kernel(share: float, photos: Path):
    made = itertools.islice(of_others([lesson("shaken", LINE)], [list(sources([photos]))], unchanged, 3, share), 2)
    exactly = [not each.trust[1:3].any() and each.trust[3] == 1 for each in made]
    assert all(exactly) if share else not any(exactly)


def test_without_a_lesson_that_knows_its_kernel_nothing_else_is_made(photos: Path):
    with pytest.raises(UserError, match="true kernel"):
        next(of_others([lesson(true=None)], [list(sources([photos]))], unchanged, 0))


def made_up(count: int) -> list[Material]:
    """Return material in which the deconvolved picture is the sharp one, and the others are noise."""
    rng, found = np.random.default_rng(0), []
    for number in range(count):
        sharp = np.roll(SHARP, number, axis=1)
        seen = rng.integers(0, 256, (*sharp.shape[:2], CHANNELS), np.uint8)
        seen[..., 6:9] = sharp
        found.append(Material("shaken", f"{number:05d}-ffhq.webp", sharp, seen, np.zeros(TRUST, np.float32)))
    return found


def test_crops_keep_all_planes_together():
    stack, trust, sharp = drawn(made_up(3), np.random.default_rng(1), 5)
    assert stack.shape == (5, CHANNELS, 96, 96) and trust.shape == (5, TRUST)
    assert torch.equal(stack[:, 6:9], sharp)


def test_a_crop_that_is_good_already_teaches_little():
    good, bad = torch.full((1, 3, 8, 8), 0.5005), torch.full((1, 3, 8, 8), 0.6)
    truth = torch.full((1, 3, 8, 8), 0.5)
    assert error(good, truth) < error(bad, truth)
    assert error(truth, truth) == pytest.approx(10 * np.log10(learning.NO_ERROR), abs=1e-3)


def test_it_learns_which_candidate_is_right_and_goes_on_from_there(tmp_path: Path):
    saved(tmp_path / "material", iter(made_up(24)), "own", lambda count: None)
    assert len(loaded(tmp_path / "material")) == 24
    for start in ([], ["--from", str(tmp_path / "weights")]):
        said = ["learn", str(tmp_path / "material"), "--minutes", "0.03", "-o", str(tmp_path / "weights"), *start]
        assert main(said) == 0
    card = json.loads((tmp_path / "weights" / "finish.json").read_text())
    scores = card["evaluations"]["held out"]
    assert scores["psnr"] > scores["input_psnr"] + 3
    assert [burst["started_from"] for burst in card["bursts"]] == [None, "finish"]
    assert card["samples_seen"] == sum(burst["samples"] for burst in card["bursts"])


def test_material_is_made_by_the_command(tmp_path: Path, photos: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("training.finish.__main__.network", lambda: unchanged)
    lessons_saved(tmp_path / "lessons", iter([lesson()]), "made", lambda count: None)
    assert main(["make", str(tmp_path / "lessons"), "-o", str(tmp_path / "material")]) == 0
    said = ["make", str(tmp_path / "lessons"), "--photos", str(photos), "--minutes", "0.01"]
    assert main([*said, "-o", str(tmp_path / "material")]) == 0
    names = sorted(path.name for path in (tmp_path / "material").iterdir())
    assert names[0].startswith("others-0") and names[-1] == "own-0-00000.npz"


def test_too_little_is_told(tmp_path: Path):
    assert main(["learn", str(tmp_path), "-o", str(tmp_path / "weights")]) == 1
    saved(tmp_path / "material", iter(made_up(1)), "own", lambda count: None)
    assert main(["learn", str(tmp_path / "material"), "-o", str(tmp_path / "weights")]) == 1
