"""The best quality: the mean of a picture's views, each restored as any picture is."""

import threading
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine.engine import Engine
from engine.errors import Cancelled, UserError
from engine.kernels.blurring import blur
from engine.kernels.candidate_judge import Found
from engine.kernels.families import linear_kernel
from engine.kernels.kernel import Kernel
from engine.networks.finish.candidates import found_blur
from engine.networks.finish.network import Candidates, Finish
from engine.networks.method import Method, Scaling
from engine.networks.network import DeblurringNetwork
from engine.networks.registry import method
from engine.networks.views import View, views
from engine.photos.photo import Photo
from engine.request import Request
from engine.restoration.memory import LEAST_BUDGET, beside
from engine.restoration.runner import restore
from engine.restoration.self_ensemble import PICTURES, restore_as_asked, restore_together_as_asked
from engine.restoration.watch import Watch

SCALING = Scaling(multiple=4, overlap=8, tile=256, smallest=8, bytes_per_pixel=100, tile_bytes_per_pixel=100)
METHOD = Method("fake", "Fake", "", "", "", frozenset({"whole"}), SCALING, views=8)
BEST, ONCE = Request(device="cpu", best_quality=True), Request(device="cpu")


class Averaging(DeblurringNetwork):
    """Averages by a 3 x 3 filter: the same in every view, or not if the filter leans."""

    def __init__(self, leaning: bool) -> None:
        super().__init__()
        weights = torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16
        if leaning:
            weights = torch.tensor([[0.0, 0, 0.5], [0, 0.4, 0], [0, 0.1, 0]])
        self.weights = nn.Parameter(weights[None, None])
        self.sizes: list[tuple[int, ...]] = []

    def forward(self, blurred: Tensor) -> Tensor:
        self.sizes.append(tuple(blurred.shape[-2:]))
        padded = nn.functional.pad(blurred, (1, 1, 1, 1), mode="reflect")
        return nn.functional.conv2d(padded.transpose(0, 1), self.weights).transpose(0, 1)


def picture(height: int = 92, width: int = 120) -> np.ndarray:
    return np.random.default_rng(0).random((height, width, 3), dtype=np.float32) * 0.8


@pytest.mark.parametrize("tile", [None, 64])
def test_a_network_that_knows_no_direction_gives_the_same(tile):
    network, pixels = Averaging(leaning=False), picture()
    best, once = (
        restore_as_asked(network, METHOD, pixels, replace(each, tile=tile), Watch()).pixels for each in (BEST, ONCE)
    )
    np.testing.assert_allclose(best, once, atol=1e-6)


def test_another_network_gives_the_mean_of_eight_views():
    network, pixels = Averaging(leaning=True), picture()
    best = restore_as_asked(network, METHOD, pixels, BEST, Watch())
    each = [
        view.back(restore(network, METHOD, np.ascontiguousarray(view.of(pixels)), ONCE, Watch()).pixels)
        for view in views(8)
    ]
    np.testing.assert_allclose(best.pixels, np.mean(each, axis=0), atol=1e-6)
    assert np.abs(best.pixels - each[0]).max() > 0.05, "the views differ"
    assert set(network.sizes) == {(92, 120), (120, 92)}


@pytest.mark.parametrize(("count", "size"), [(1, (33, 47)), (2, (33, 47)), (8, (1, 50)), (8, (33, 47))])
def test_a_method_says_how_many_views_it_has_and_any_size_comes_back(count, size):
    network = Averaging(leaning=True)
    watch = Watch()
    restored = restore_as_asked(network, replace(METHOD, views=count), picture(*size), BEST, watch)
    assert restored.pixels.shape == (*size, 3) and len(network.sizes) == count
    assert watch.notes == ([] if count == 1 else [f"Best quality: the mean of {count} views of the photo."])


def test_the_photo_stays_and_the_result_is_made_where_it_is_wanted():
    pixels, into = picture(), np.zeros((92, 120, 3), np.float32)
    before = pixels.copy()
    restored = restore_as_asked(Averaging(leaning=True), METHOD, pixels, BEST, Watch(into=into))
    assert restored.pixels is into and np.array_equal(pixels, before)


def test_progress_only_rises_and_tiles_are_those_of_the_upright_photo():
    shares, boxes = [], []
    watch = Watch(on_progress=lambda share, _: shares.append(share), on_tile=lambda box, _: boxes.append(box))
    restore_as_asked(Averaging(leaning=True), METHOD, picture(), replace(BEST, tile=64), watch)
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == pytest.approx(1)
    assert sum(share < 0.5 for share in shares) > 8
    assert max(right for _, _, right, _ in boxes) == 120 and max(bottom for *_, bottom in boxes) == 92


def test_a_stop_is_heard_between_the_views():
    stop = threading.Event()
    network = Averaging(leaning=True)

    def half_done(share: float, _: str) -> None:
        if share >= 0.5:
            stop.set()

    with pytest.raises(Cancelled):
        restore_as_asked(network, METHOD, picture(), BEST, Watch(on_progress=half_done, cancelled=stop))
    assert len(network.sizes) == 4


def test_faces_that_are_restored_together_are_the_mean_of_their_views():
    network, method_of_faces = Averaging(leaning=True), replace(METHOD, views=2)
    pictures = [picture(64, 48), picture(64, 48)[:, ::-1].copy()]
    together = restore_together_as_asked(network, method_of_faces, pictures, BEST, Watch())
    alone = [restore_as_asked(network, method_of_faces, each, BEST, Watch()).pixels for each in pictures]
    np.testing.assert_allclose([each.pixels for each in together], alone, atol=1e-6)
    once = restore_together_as_asked(network, method_of_faces, pictures, ONCE, Watch())
    assert np.abs(once[0].pixels - together[0].pixels).max() > 0.05


def test_the_budget_leaves_room_for_two_more_pictures():
    photo = Photo(picture())
    assert beside(photo, 10**9) - beside(photo, 10**9, PICTURES) == 2 * photo.pixels.nbytes
    with pytest.raises(UserError, match="memory budget"):
        beside(photo, LEAST_BUDGET + 3 * photo.pixels.nbytes, PICTURES)


@pytest.mark.parametrize("view", views(8))
def test_candidates_of_the_finish_are_turned_with_their_kernels(view: View):
    pixels, line, other = picture(61, 45), Kernel(linear_kernel(9, 30)), Kernel(linear_kernel(9, 120))
    known = found_blur([Found(line, 2.0, 1.0, 0.9), Found(other, 0.0, 0.0, 0.1)], 0.01)
    given = Candidates.of(pixels, pixels, blur(pixels, line), known)
    turned = Finish((8, 8, 8), given).for_view(view).given
    assert turned is not None
    upright = [view.back(each) for each in turned.pictures]
    assert all(np.array_equal(one, before) for one, before in zip(upright, given.pictures, strict=True))
    assert turned.taken.shape == view.of(given.taken).shape
    again = view.back(blur(np.ascontiguousarray(view.of(pixels)), turned.known.kernel))
    np.testing.assert_allclose(again, blur(pixels, line), atol=1e-5)


def test_a_finish_at_its_start_fuses_every_view_alike():
    pixels, line = picture(64, 48), Kernel(linear_kernel(9, 30))
    known = found_blur([Found(line, 2.0, 1.0, 0.9)], 0.01)
    best, once = (
        restore_as_asked(
            Finish((8, 8, 8), Candidates.of(pixels, pixels, pixels, known)).eval(),
            method("finish"),
            pixels,
            each,
            Watch(),
        ).pixels
        for each in (BEST, ONCE)
    )
    np.testing.assert_allclose(best, once, atol=1e-5)


def test_the_engine_says_where_the_best_quality_changes_nothing(install, few_searches):
    flat = Photo(np.full((48, 48, 3), 0.5, np.float32))
    with Engine() as engine:
        result = engine.run(Request(device="cpu", method="l0-deconv", best_quality=True), flat)
    assert "turning the photo adds nothing" in result.notes[0]
