from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine.engine import Engine
from engine.errors import Cancelled
from engine.kernels.blurring import blur
from engine.kernels.candidate_judge import Found
from engine.kernels.estimation import similarity
from engine.kernels.families import draw_kernel, linear_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.trust import Verdict
from engine.photos.photo import Photo
from engine.restoration import automatic, run
from engine.restoration.automatic import FUSED, asks_the_photo, found_kernels, is_worth_it
from engine.restoration.loaded import Loaded
from engine.restoration.restored import Restored
from engine.restoration.watch import Watch
from tests.engine.restoration.shaken import AUTOMATIC, LINE, SHARP, photo


@pytest.fixture(autouse=True)
def small_network(install, few_searches):
    install("wrfn", settings={"blocks": 1, "channels": 8})


@pytest.fixture
def nothing_fused(monkeypatch):
    """Leave out the weights that fuse several restorations."""
    found = automatic.find_weights
    monkeypatch.setattr(automatic, "find_weights", lambda name: None if name == FUSED else found(name))


@pytest.mark.usefixtures("nothing_fused")
def test_a_photo_that_was_shaken_as_a_whole_is_restored_by_its_own_edges():
    blurred, steps = photo(blur(SHARP, LINE)), []
    with Engine() as engine:
        job = engine.submit(AUTOMATIC, blurred, on_progress=lambda share, step: steps.append((share, step)))
        result = job.result()
        asked = engine.run(replace(AUTOMATIC, method="l0-deconv"), blurred)
    assert result.method == "l0-deconv" and result.request == AUTOMATIC
    assert result.kernel is not None and similarity(result.kernel, LINE) > 0.8
    assert [note for note in result.notes if "shaken as a whole" in note]
    assert np.mean((result.pixels - SHARP) ** 2) < 0.5 * np.mean((blurred.pixels - SHARP) ** 2)
    shares = [share for share, _ in steps]
    assert shares == sorted(shares) and "shaken" in {step for _, step in steps}
    assert np.array_equal(result.pixels, asked.pixels), "it equals that of blind deconvolution"


def test_light_streaks_show_the_kernel_of_a_night_photo():
    """Nothing is fused: the finish has seen no night. Nobody says that the lamps themselves are explained."""
    path = Kernel(draw_kernel("gaussian-process", 31, np.random.default_rng(7)))
    scene = (SHARP**2.2 * 0.05).repeat(2, axis=0).repeat(2, axis=1)
    sharp = scene.copy()
    for y, x in [(50, 60), (60, 150), (55, 250), (200, 70), (210, 180), (240, 270)]:
        scene[y : y + 2, x : x + 2] = 15
    shaken = Photo(np.asarray(blur(scene, path).clip(0, 1) ** (1 / 2.2), np.float32))
    with Engine() as engine:
        result = engine.run(AUTOMATIC, shaken)
    assert result.method == "l0-deconv" and result.verdict is Verdict.PARTLY
    assert result.kernel is not None and similarity(result.kernel, path) > 0.75
    assert [note for note in result.notes if "Light streaks" in note]
    lamp = np.s_[40:72, 45:77]
    assert (result.pixels[lamp] > 0.9).sum() < 0.7 * (shaken.pixels[lamp] > 0.9).sum(), "no streak is kept"
    away = np.s_[90:180, 40:280]
    truth = sharp[away] ** (1 / 2.2)
    assert np.mean((result.pixels[away] - truth) ** 2) < 0.7 * np.mean((shaken.pixels[away] - truth) ** 2)


@pytest.fixture
def network_makes(monkeypatch, nothing_fused):
    """Return a function that sets what networks make of every picture."""

    def says(make: Callable[[np.ndarray], np.ndarray]) -> None:
        def restore(network, method, pixels, request, watch):
            return Restored(np.asarray(make(pixels), np.float32), None, "cpu")

        monkeypatch.setattr(run, "restore_as_asked", restore)
        monkeypatch.setattr(Loaded, "compared", lambda *_: None)  # they tell the judge nothing

    return says


def sharpened(pixels: np.ndarray) -> np.ndarray:
    return (2 * pixels - cv2.GaussianBlur(pixels, (0, 0), 2)).clip(0, 1)


def smoothed(pixels: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(pixels, (0, 0), 1)


def test_any_other_photo_goes_to_a_network(network_makes):
    network_makes(sharpened)
    sharp = photo(SHARP)
    with Engine() as engine:
        result = engine.run(AUTOMATIC, sharp)
    assert result.method == "wrfn" and not result.notes
    assert np.array_equal(result.pixels, sharpened(sharp.pixels))


def test_a_photo_in_which_nothing_became_sharper_is_left_as_it_is(network_makes):
    network_makes(smoothed)
    sharp = photo(SHARP)
    with Engine() as engine:
        result, asked = (engine.run(replace(AUTOMATIC, method=name), sharp) for name in ("auto", "wrfn"))
    assert np.array_equal(result.pixels, sharp.pixels)
    assert result.verdict == Verdict.UNCHANGED
    assert [note for note in result.notes if "left as it is" in note]
    assert np.array_equal(asked.pixels, smoothed(sharp.pixels)), "who names a method gets what it makes"
    assert not asked.notes


LONG = Kernel(linear_kernel(31, 30))
FOUND = Found(LINE, gain=2.0, beyond=1.0, right=0.9)


@pytest.mark.parametrize(
    ("found", "worth"),
    [
        (FOUND, True),
        (replace(FOUND, gain=0.1), False),
        (replace(FOUND, beyond=0.1), False),
        (replace(FOUND, gain=float("nan")), False),
        (Found(LONG, gain=0.1, beyond=-0.5, right=0.9), True),
        (Found(LONG, gain=0.1, beyond=-0.5, right=0.8), False),
    ],
    ids=[
        "better than both",
        "no better than the photo",
        "no better than the network",
        "unknown",
        "long and right",
        "long",
    ],
)
def test_a_kernel_is_taken_that_is_expected_to_gain_most(found: Found, worth: bool):
    watch = Watch()
    assert is_worth_it(found, watch) is worth
    assert bool(watch.notes) is worth


def test_without_blind_deconvolution_no_kernel_is_worth_it(monkeypatch):
    monkeypatch.setattr(automatic, "find_weights", lambda weights_id: None)
    assert not is_worth_it(FOUND, Watch())


@pytest.mark.parametrize(
    "asked", [{"method": "wrfn"}, {"region": "faces"}, {"region": "aligned"}, {"kernel": "k.npy"}]
)
def test_a_request_with_other_choices_does_not_examine_the_photo(asked):
    assert asks_the_photo(AUTOMATIC)
    assert not asks_the_photo(replace(AUTOMATIC, **asked))


def test_looking_can_be_cancelled():
    watch = Watch()
    watch.on_progress = lambda share, step: watch.cancelled.set()
    with pytest.raises(Cancelled):
        found_kernels(photo(blur(SHARP, LINE)), None, watch)
