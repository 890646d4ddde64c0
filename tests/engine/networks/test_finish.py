"""The finish: what it sees of a photo, and how it fuses that."""

import copy

import numpy as np
import pytest
import torch
from skimage import data

from engine.kernels.blurring import add_noise, blur
from engine.kernels.candidate_judge import Found
from engine.kernels.families import linear_kernel
from engine.kernels.kernel import Kernel
from engine.networks.finish.candidates import (
    CHANNELS,
    NAMES,
    TRUST,
    AssumedBlur,
    deconvolved,
    found_blur,
    quick,
    stack,
    trust,
)
from engine.networks.finish.fusing import Fusing
from engine.networks.finish.network import Candidates, Finish
from engine.networks.registry import method
from engine.request import Request
from engine.restoration.runner import restore
from engine.restoration.watch import Watch

SHARP = (data.astronaut()[20:180, 140:300] / 255).astype(np.float32)
LINE, OTHER = Kernel(linear_kernel(9, 30)), Kernel(linear_kernel(9, 120))
BLURRED = add_noise(blur(SHARP, LINE), 0.01, np.random.default_rng(1)).clip(0, 1).astype(np.float32)
KNOWN = found_blur([Found(LINE, 2.0, 1.0, 0.9), Found(LINE, 1.0, 0.5, 0.8), Found(OTHER, 0.0, 0.0, 0.1)], 0.01)


def error(picture: np.ndarray) -> float:
    return float(np.mean((picture - SHARP) ** 2))


def test_the_second_kernel_is_the_first_that_differs():
    assert KNOWN.kernel is LINE and KNOWN.second is OTHER
    assert found_blur([Found(LINE, 2.0, 1.0, 0.9)], 0.01).second is LINE


def test_trust_is_bounded_and_what_nobody_knows_is_zero():
    numbers = trust(0.01, float("nan"), -300.0, 0.9)
    assert numbers.dtype == np.float32 and len(numbers) == TRUST
    assert numbers == pytest.approx([0.1, 0, -1, 0.9])


def test_the_network_sees_all_candidates_and_what_the_kernel_leaves_unexplained():
    sharp = deconvolved(BLURRED, KNOWN)
    seen = stack((BLURRED, SHARP, sharp, *quick(BLURRED, KNOWN)), LINE)
    assert seen.shape == (*SHARP.shape[:2], CHANNELS) and seen.dtype == np.float32
    for number, picture in enumerate((BLURRED, SHARP, sharp)):
        assert np.array_equal(seen[..., 3 * number : 3 * number + 3], picture)
    sharper, second = seen[..., 9:12], seen[..., 12:15]
    assert error(sharper) < error(second), "the second kernel is a wrong one"
    assert np.abs(seen[..., -1]).mean() < 0.02


def test_it_starts_as_the_mean_of_the_candidates():
    seen = torch.rand(2, CHANNELS, 16, 24)
    mean = seen[:, :-1].unflatten(1, (len(NAMES), 3)).mean(1)
    assert torch.allclose(Fusing()(seen, torch.zeros(2, TRUST)), mean, atol=1e-6)


@pytest.fixture(scope="module")
def stirred() -> Finish:
    torch.manual_seed(0)
    network = Finish((8, 8, 8))
    with torch.no_grad():
        network.fusing.out.weight.normal_(0, 0.05)
    return network.eval()


def candidates(known: AssumedBlur = KNOWN) -> Candidates:
    return Candidates.of(BLURRED, SHARP, deconvolved(BLURRED, KNOWN), known)


@pytest.mark.parametrize("trusted", [0.0, 1.0])
def test_weights_sum_to_one_and_heed_the_trust(stirred: Finish, trusted: float):
    seen = torch.from_numpy(stack((BLURRED, SHARP, BLURRED, SHARP, BLURRED), LINE)).permute(2, 0, 1)[None]
    weights, _ = stirred.fusing.parts(seen, torch.full((1, TRUST), trusted))
    others, _ = stirred.fusing.parts(seen, torch.full((1, TRUST), 0.5))
    assert torch.allclose(weights.sum(1), torch.ones(1, *SHARP.shape[:2]), atol=1e-5)
    assert not torch.equal(weights, others)


def test_a_photo_in_tiles_comes_out_as_the_whole(stirred: Finish):
    whole, tiled = candidates(), candidates()
    one = method("finish")
    expected = restore(stirred.of(whole), one, BLURRED, Request(device="cpu"), Watch())
    in_tiles = restore(stirred.of(tiled), one, BLURRED, Request(device="cpu", tile=96), Watch())
    difference = np.abs(in_tiles.pixels - expected.pixels)
    assert np.quantile(difference, 0.999) < 1 / 255
    assert np.array_equal(expected.kernel, LINE.values)
    for each in (whole, tiled):
        assert each.taken.shape == (20, 20, len(NAMES))
        np.testing.assert_allclose(each.taken.sum(2), 1, atol=1e-5)
    assert np.abs(whole.taken - tiled.taken).mean() < 0.01


def test_a_size_that_is_no_multiple_comes_back_as_it_was(stirred: Finish):
    part = BLURRED[:61, :45]
    given = Candidates.of(part, part, part, KNOWN)
    restored = restore(stirred.of(given), method("finish"), part, Request(device="cpu"), Watch()).pixels
    assert restored.shape == part.shape and given.taken.shape == (8, 6, len(NAMES))


def test_one_network_serves_many_photos(stirred: Finish):
    made = stirred.of(candidates())
    assert made.fusing is stirred.fusing and stirred.given is None
    assert copy.deepcopy(made).given is made.given, "a copy for another device shares the pictures"


def test_a_photo_without_edges_stays_as_it_is(stirred: Finish):
    flat = np.full((64, 64, 3), 0.5, np.float32)
    restored = restore(stirred, method("finish"), flat, Request(device="cpu"), Watch())
    assert np.array_equal(restored.pixels, flat)
