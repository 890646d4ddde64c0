"""The judge of kernels: how pictures are spoiled, what a lesson holds, and that it is learned from."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from engine.errors import UserError
from engine.kernels.blurring import blur
from engine.kernels.candidate_figures import NAMES
from engine.kernels.candidate_judge import OUTPUTS
from engine.kernels.families import linear_kernel
from engine.kernels.families.drawing import centre_of_mass
from engine.kernels.kernel import Kernel
from training.kernel_judge import learning
from training.kernel_judge.__main__ import main
from training.kernel_judge.learning import judged, learned, targets
from training.kernel_judge.lessons import (
    COMPLETED,
    NOTHING,
    REAL,
    WIDE_WAYS,
    Lesson,
    drawn,
    lesson,
    loaded,
    psnr,
    saved,
    spoiled,
    stacked,
)
from training.kernel_judge.text import page
from training.kernel_judge.ways import WAYS, path, taken

SHARP = (data.astronaut()[:96, 180:276] / 255).astype(np.float32)


@pytest.fixture(autouse=True)
def small_forests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "TREES", 20)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_keeps_size_and_range(way: str):
    made = WAYS[way][0](SHARP, np.random.default_rng(1), 9.0)
    assert made.shape == SHARP.shape
    assert made.min() > -0.01 and made.max() < 1.01
    assert np.array_equal(made, SHARP) == (way == "sharp")


@pytest.mark.parametrize("extent", [3, 15.5, 61, 90])
def test_paths_are_about_as_long_as_asked_for(extent: float):
    kernel = path(np.random.default_rng(2), extent)
    assert abs(len(kernel.values) - extent) < 3
    assert kernel.values.sum() == pytest.approx(1, abs=1e-5)
    assert np.abs(centre_of_mass(kernel.values)).max() < 1


def test_a_camera_rounds_to_eight_bits_and_compresses():
    plain, small = (taken(SHARP, np.random.default_rng(0), 0.01, quality) for quality in (None, 50))
    assert np.array_equal(plain * 255, np.round(plain * 255))
    assert 0 < np.abs(plain - small).mean() < 0.05


def test_a_page_has_ink_and_paper():
    drawn_page = page(220, np.random.default_rng(3))
    assert drawn_page.shape == (220, 286, 3)
    assert np.ptp(drawn_page) > 0.3


def test_a_picture_that_was_moved_is_judged_where_it_lies_best():
    plane = SHARP[..., 1]
    assert psnr(np.roll(plane, 1, axis=1), plane) > 35
    assert psnr(plane, plane) > 100


@pytest.mark.usefixtures("few_searches")
def test_a_lesson_holds_what_each_kernel_is_worth():
    way, blurred = spoiled(SHARP, np.random.default_rng(0))
    made = lesson(way, "place", blurred, SHARP, lambda pixels: pixels)
    assert made is not None and way in WAYS
    assert made.figures.shape == (len(made.gain), len(NAMES))
    assert np.isfinite(made.gain).all() and made.network == 0
    assert ((made.likeness >= 0) & (made.likeness <= 1)).all()
    assert lesson("flat", "place", np.full((64, 64, 3), 0.5, np.float32), None, lambda pixels: pixels) is None


@pytest.mark.usefixtures("few_searches")
def test_figures_are_told_anew_of_the_kernels_that_a_lesson_keeps(tmp_path: Path):
    _, blurred = spoiled(SHARP, np.random.default_rng(0))
    made = lesson("shaken", "place", blurred, SHARP, lambda pixels: pixels)
    assert made is not None
    saved(tmp_path / "old", iter([replace(made, figures=made.figures[:, :3])]), "made", lambda count: None)
    assert main(["again", str(tmp_path / "old"), "-o", str(tmp_path / "new")]) == 0
    again = loaded(tmp_path / "new")[0]
    assert again.figures.shape == made.figures.shape
    assert again.gain == pytest.approx(made.gain, abs=0.5)
    assert np.array_equal(again.kernels, made.kernels) and np.array_equal(again.likeness, made.likeness)


@pytest.mark.usefixtures("few_searches")
def test_the_true_kernel_is_added_to_a_pool_that_lacks_it(tmp_path: Path):
    sharp = (data.camera()[100:260, 160:320, None] / 255).astype(np.float32).repeat(3, axis=2)
    true = Kernel(linear_kernel(11, 30))
    made = lesson("shaken", "place", blur(sharp, true), sharp, lambda pixels: pixels, [true])
    assert made is not None
    wrong = stacked([Kernel(linear_kernel(7, 120)), Kernel(linear_kernel(5, 90)), true])[:2]
    missed = replace(made, kernels=wrong, likeness=np.array([0.4, 0.5]), figures=made.figures[:2], gain=made.gain[:2])
    saved(
        tmp_path / "old", iter([missed, replace(missed, likeness=np.array([0.4, 0.9]))]), "made", lambda count: None
    )
    assert main(["complete", str(tmp_path / "old"), "-o", str(tmp_path / "new")]) == 0
    (again,) = loaded(tmp_path / "new")
    assert again.figures.shape == (4, len(NAMES)) and again.likeness[:2].tolist() == [0.4, 0.5]
    assert again.way == "shaken" + COMPLETED
    assert again.likeness[2:].max() > 0.9 and np.argmax(again.gain) >= 2


def lessons(count: int, way: str = "shaken") -> list[Lesson]:
    """Make lessons in which the first figure tells what a kernel gains."""
    rng, made = np.random.default_rng(4), []
    for number in range(count):
        figures = rng.uniform(0.1, 1, (8, len(NAMES)))
        gain = -8 * np.log(figures[:, 0])
        nothing = [NOTHING] * 4
        made.append(Lesson(way, f"{number:05d}-ffhq.webp", figures, gain - 6, figures[::-1, 0].copy(), 0.5, *nothing))
    return made


def test_what_the_figures_tell_is_learned():
    found = judged(lessons(40))
    assert found.taken > found.best - 1
    assert found.automatic > found.network
    assert found.right + found.wrong + found.missed <= 1


def test_real_photos_teach_by_the_likeness_of_their_kernels_alone():
    known = lessons(1)[0]
    unknown = np.full(len(known.gain), np.nan)
    real = Lesson(REAL, "real/one", known.figures, unknown, known.likeness, np.nan, *[NOTHING] * 4)
    wanted = targets([real])
    assert np.argmax(wanted["rank"]) == np.argmax(known.likeness)
    assert np.isnan(wanted["gain"]).all() and np.isnan(wanted["beyond"]).all()
    assert set(wanted["right"]) == {0, 1}
    assert set(learned([*lessons(10), real])) == set(OUTPUTS)


def test_lessons_are_kept_and_taught_by_the_command(tmp_path: Path):
    saved(tmp_path / "lessons", iter(lessons(12)), "made", lambda count: None)
    assert [each.place for each in loaded(tmp_path / "lessons")] == [each.place for each in lessons(12)]
    assert main(["learn", str(tmp_path / "lessons"), "-o", str(tmp_path / "weights")]) == 0
    card = json.loads((tmp_path / "weights" / "kernel-judge.json").read_text())
    assert card["samples_seen"] == 12 and card["data"][0]["name"] == "ffhq"
    assert set(card["evaluations"]["held out"]) >= {"taken", "natural", "best", "harmed"}


def test_a_folder_without_lessons_is_told(tmp_path: Path):
    assert main(["learn", str(tmp_path), "-o", str(tmp_path / "weights")]) == 1
    with pytest.raises(UserError, match="no lessons"):
        loaded(tmp_path)


@pytest.mark.usefixtures("few_searches")
def test_pictures_are_drawn_until_the_time_is_over(tmp_path: Path):
    Image.fromarray(data.astronaut()[:260, :260]).save(tmp_path / "one.png")
    made = next(drawn([tmp_path], lambda pixels: pixels, 1, 0))
    assert made.way in WAYS and np.isfinite(made.figures).all()
    with pytest.raises(UserError, match="no pictures"):
        next(drawn([], lambda pixels: pixels, 1, 0))


@pytest.mark.usefixtures("few_searches")
def test_paper_is_often_brighter_than_white(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    Image.fromarray(data.astronaut()[:260, :260]).save(tmp_path / "one.png")
    monkeypatch.setattr("training.kernel_judge.lessons.OVEREXPOSED", 9)
    made = next(drawn([tmp_path], lambda pixels: pixels, 1, 0, wide=1, text=1))
    assert made.place == "drawn-text/page" and made.way in WIDE_WAYS
    assert (made.sharp == 255).mean() > 0.2
