"""A photo that is restored in several ways at once: by Automatic, and where somebody asks for the finish."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.engine import Engine
from engine.kernels.blurring import blur
from engine.kernels.candidate_judge import Found
from engine.kernels.estimation import similarity
from engine.kernels.files import save_kernel
from engine.photos.photo import Photo
from engine.restoration import automatic, loaded, runner, self_ensemble
from engine.restoration.automatic import best_for
from engine.restoration.choice import Choice
from engine.restoration.fusing import came_from
from engine.restoration.watch import Watch
from resources import resource
from tests.engine.restoration.shaken import AUTOMATIC, LINE, SHARP, photo


@pytest.fixture(autouse=True)
def small_networks(install, few_searches):
    install("wrfn", settings={"blocks": 1, "channels": 8})
    install("finish", settings={"widths": (8, 8, 8)})


def test_a_photo_with_edges_is_fused_of_several_restorations():
    blurred = photo(blur(SHARP, LINE))
    with Engine() as engine:
        found, asked = (engine.run(replace(AUTOMATIC, method=name), blurred) for name in ("auto", "finish"))
    assert found.method == "finish" and np.array_equal(found.pixels, asked.pixels)
    assert found.kernel is not None and similarity(found.kernel, LINE) > 0.8
    assert np.mean((found.pixels - SHARP) ** 2) < 0.8 * np.mean((blurred.pixels - SHARP) ** 2)
    assert "Made of several restorations: 60 % by the blur" in found.notes[-1], "as it starts, all count alike"
    assert found.taken is not None and found.taken.shape == (20, 20, 5)


def test_a_photo_that_is_kept_was_taken_from_nowhere_else(monkeypatch):
    monkeypatch.setattr(automatic, "sharper_anywhere", lambda before, after, noise: False)
    blurred = photo(blur(SHARP, LINE))
    with Engine() as engine:
        result = engine.run(AUTOMATIC, blurred)
    assert np.array_equal(result.pixels, blurred.pixels) and result.taken is None
    assert not [note for note in result.notes if "Made of several" in note]


def test_a_sharp_photo_of_which_a_kernel_wins_nothing_is_not_fused(monkeypatch):
    found = [Found(LINE, gain=0.1, beyond=-0.5, right=0.9)]
    otherwise = Choice("wrfn")
    assert best_for(photo(SHARP), found, otherwise, Watch()) == otherwise
    assert best_for(photo(blur(SHARP, LINE)), found, otherwise, Watch()) == Choice("finish")
    expected = [Found(LINE, gain=2.0, beyond=1.0, right=0.9)]
    assert best_for(photo(SHARP), expected, otherwise, Watch()) == Choice("finish")
    assert best_for(photo(SHARP), [], otherwise, Watch()) == otherwise


def test_grey_stays_grey_when_it_is_fused():
    grey = np.repeat(photo(blur(SHARP, LINE)).pixels[..., :1], 3, axis=2)
    with Engine() as engine:
        pixels = engine.run(AUTOMATIC, Photo(grey)).pixels
    assert np.ptp(pixels, axis=2).max() == 0


def test_what_a_result_was_taken_from_adds_up():
    taken = np.zeros((4, 6, 5), np.float32)
    taken[..., 0], taken[..., 1], taken[..., 2:] = 0.1, 0.3, 0.2
    assert str(came_from(taken)).endswith(
        "60 % by the blur that was found, 30 % by a network, 10 % the photo as it was."
    )


def test_a_kernel_from_a_file_is_finished_as_it_is(tmp_path: Path):
    save_kernel(LINE, tmp_path / "line.png")
    asked = replace(AUTOMATIC, kernel=tmp_path / "line.png", finish=True)
    with Engine() as engine:
        result, plain = (
            engine.run(replace(asked, finish=finish), photo(blur(SHARP, LINE))) for finish in (True, False)
        )
    assert result.kernel is not None and similarity(result.kernel, LINE) > 0.99
    assert "60 % by the blur" in result.notes[-1] and not np.array_equal(result.pixels, plain.pixels)


def test_a_method_without_a_kernel_has_nothing_to_finish():
    blurred = photo(blur(SHARP, LINE))
    with Engine() as engine:
        result, plain = (
            engine.run(replace(AUTOMATIC, method="wrfn", finish=each), blurred) for each in (True, False)
        )
    assert np.array_equal(result.pixels, plain.pixels)
    assert "There is nothing to finish: the method gives no kernel." in result.notes


def test_the_kernel_of_a_network_is_refined_and_finished(install):
    settings = {"kernel_sizes": (17,), "features": 8, "maps": 4, "channels": 8}
    install("analysis-synthesis", settings=settings)
    with Engine() as engine:
        asked = replace(AUTOMATIC, method="analysis-synthesis", finish=True)
        result = engine.run(asked, photo(blur(SHARP, LINE)))
    assert result.method == "analysis-synthesis" and [note for note in result.notes if "Made of several" in note]


@pytest.mark.parametrize(("shipped", "passes"), [(True, 1), (False, 2)])
def test_the_network_sees_a_photo_once_that_the_judge_saw_whole(monkeypatch, weights_folder, shipped, passes):
    """Other weights than the shipped ones, by which the judge learned, restore anew."""
    monkeypatch.setattr(loaded, "resource", lambda name: weights_folder if shipped else resource(name))
    restored, seen = runner.restore, list[str]()

    def counted(network, method, *given):
        seen.append(method.id)
        return restored(network, method, *given)

    for module in (loaded, self_ensemble):
        monkeypatch.setattr(module, "restore", counted)
    with Engine() as engine:
        engine.run(AUTOMATIC, photo(blur(SHARP, LINE)))
    assert seen.count("wrfn") == passes
