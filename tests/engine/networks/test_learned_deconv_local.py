"""Spatially varying blur: windows, their kernel field, and the restored picture."""

import numpy as np
import pytest
import torch
from skimage import data

from engine.kernels.blurring import add_noise
from engine.kernels.deconvolution import deconvolve
from engine.kernels.field import CameraMotion, KernelField, blur_field
from engine.kernels.kernel import Kernel
from engine.networks.learned_deconv import METHOD
from engine.networks.learned_deconv.local import MOST, SIDES, telling_windows
from engine.networks.learned_deconv.network import LearnedDeconv
from engine.networks.network import Prepared

SHARP = (data.astronaut()[:240, 60:300] / 255).astype(np.float32)
SHAPE = SHARP.shape[:2]
STEPS = np.linspace(-1, 1, 41)
TURN = CameraMotion(
    np.stack([2 * STEPS, STEPS**2, 0.03 * STEPS], axis=1),
    np.full(41, 1 / 41),
    ((SHAPE[1] - 1) / 2, (SHAPE[0] - 1) / 2),
)
BLURRED = add_noise(blur_field(SHARP, KernelField.of(TURN, (10, 10), SHAPE)), 0.005, np.random.default_rng(0)).clip(
    0, 1
)


def small() -> LearnedDeconv:
    """Return a small network that takes its kernels as true; `give_motion` supplies them."""
    torch.manual_seed(0)
    settings = {"scales": (5, 9), "stages": 2, "filters": 6, "filter_size": 5, "gradients": (2,), "smoothness": 1.0}
    return METHOD.build(settings).eval()


@pytest.fixture
def network() -> LearnedDeconv:
    return small()


def tensor(pixels: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pixels).permute(2, 0, 1)


def give_motion(network: LearnedDeconv, motion: CameraMotion, monkeypatch) -> None:
    """Let the network estimate the true kernels, window by window, as a well trained one would."""
    windows = telling_windows(torch.from_numpy(BLURRED @ np.float32([0.299, 0.587, 0.114])), 9)
    centres = [(left + (side - 1) / 2, top + (side - 1) / 2) for top, left, side in windows]
    true = iter([motion.kernel_at(*motion.centre).values, *(motion.kernel_at(x, y).values for x, y in centres)])
    monkeypatch.setattr(network, "_kernel", lambda part: next(true))


@pytest.fixture(scope="module")
def turn() -> tuple[LearnedDeconv, Prepared, torch.Tensor]:
    """Return a network, what it found in the photo that a turn has blurred, and the restored photo."""
    network = small()
    with pytest.MonkeyPatch.context() as patch:
        give_motion(network, TURN, patch)
        prepared = network.prepare(tensor(BLURRED), tiled=False)
    return network, prepared, network.restore(tensor(BLURRED)[None], prepared)


def error(restored: np.ndarray) -> float:
    return float(np.mean((restored - SHARP)[12:-12, 12:-12] ** 2))


def test_windows_lie_all_over_the_photo_and_stay_few():
    places = telling_windows(torch.rand(300, 4000), 9)
    assert {side for _, _, side in places} == {SIDES * 9}
    assert len(places) == MOST**2
    assert max(top + side for top, _, side in places) == 300
    assert max(left + side for _, left, side in places) == 4000


def test_windows_without_edges_are_left_out():
    half = torch.rand(300, 300)
    half[:, 100:] = 0.5
    assert {left for _, left, _ in telling_windows(half, 9)} == {0, 57}


@pytest.mark.parametrize("shape", [(1, 1), (100, 500), (143, 143)])
def test_a_small_photo_has_no_windows(shape):
    assert telling_windows(torch.rand(shape), 9) == []


def test_a_turn_is_restored_by_the_field_and_better_than_by_one_kernel(turn):
    _, prepared, whole = turn
    assert prepared.field is not None
    assert prepared.field.shape == SHAPE
    restored = whole[0].permute(1, 2, 0).numpy()
    assert error(restored) < 0.7 * error(BLURRED)
    assert error(restored) < 0.5 * error(deconvolve(BLURRED, Kernel(prepared.kernel), prepared.state))


def test_a_tile_is_restored_by_its_part_of_the_field(turn):
    network, prepared, whole = turn
    here = type(prepared)(prepared.kernel, prepared.state, prepared.field, (90, 60))
    tile = network.restore(tensor(BLURRED[90:, 60:])[None], here)
    inner = np.s_[..., 45:, 45:]
    assert (tile[inner] - whole[..., 90:, 60:][inner]).abs().max() < 3 / 255
    elsewhere = network.restore(tensor(BLURRED[90:, 60:])[None], prepared)
    assert (elsewhere - whole[..., 90:, 60:])[inner].abs().max() > 10 / 255


def test_a_shake_without_a_turn_has_one_kernel(network, monkeypatch):
    still = CameraMotion(TURN.poses * [2, 2, 0], TURN.weights, TURN.centre)
    give_motion(network, still, monkeypatch)
    assert network.prepare(tensor(BLURRED), tiled=False).field is None


def test_an_untrained_network_gets_through(network):
    prepared = network.prepare(tensor(BLURRED), tiled=False)
    restored = network.restore(tensor(BLURRED)[None], prepared)
    assert restored.shape == (1, 3, *SHAPE)
    assert restored.isfinite().all()
