"""The unrolled network: published layout, its estimates, and whether it learns."""

import numpy as np
import pytest
import torch

from engine.networks.learned_deconv import METHOD
from engine.networks.learned_deconv.network import LearnedDeconv, sharpened
from engine.networks.learned_deconv.quotient import delta
from engine.networks.learned_deconv.stage import FeatureExtraction, Layout

SMALL = {"scales": (5, 9), "stages": 2, "filters": 6, "filter_size": 5, "gradients": (2,)}


def small(**settings):
    torch.manual_seed(0)
    return LearnedDeconv(**{**SMALL, **settings})


def test_parameter_count():
    """A stage has 32 x 81 weights an input, 32 x 32, and 32 x 4 (third: 8) of its features, and one beta."""
    first, third = 32 * 32 + 32 * 4 + 1, 32 * 32 + 32 * 8 + 1
    coarsest = 5 * 32 * 81 + 2 * first + third
    finer = 6 * 32 * 81 + 2 * first + third
    network = METHOD.build()
    assert sum(p.numel() for p in network.parameters()) == coarsest + 2 * finer == 54_825


@pytest.mark.parametrize("size", [5, 9])
def test_features_see_as_far_as_the_filters(size):
    features = FeatureExtraction(1, 2, Layout(filter_size=size))
    picture = torch.rand(1, 1, 21, 21, requires_grad=True)
    sharp, blurred = features(picture)
    (sharp[..., 10, 10].sum() + blurred[..., 10, 10].sum()).backward()
    seen = picture.grad[0, 0].nonzero()
    half = size // 2
    assert seen.min() == 10 - half
    assert seen.max() == 10 + half


@pytest.mark.parametrize("hidden", [1, 2, 3])
def test_hidden_layers_are_recombinations(hidden):
    features = FeatureExtraction(2, 4, Layout(filters=8, hidden=hidden))
    assert len(features.recombinations) == hidden
    sharp, blurred = features(torch.rand(3, 2, 10, 12))
    assert sharp.shape == blurred.shape == (3, 4, 10, 12)


def test_fixed_gradients_are_differences():
    features = FeatureExtraction(1, 2, Layout(fixed_gradients=True))
    picture = torch.rand(1, 1, 6, 7)
    _, blurred = features(picture)
    torch.testing.assert_close(blurred[0, 0, :, :-1], picture[0, 0].diff(dim=1))
    torch.testing.assert_close(blurred[0, 1, :-1], picture[0, 0].diff(dim=0))


def test_estimates_are_kernels_of_each_scale_and_stage():
    with torch.no_grad():
        estimates = METHOD.build().estimate(torch.rand(2, 1, 50, 41))
    assert [[k.shape for k in scale] for scale in estimates] == [[(2, 1, k, k)] * 3 for k in (17, 25, 33)]
    for kernel in (k for scale in estimates for k in scale):
        assert kernel.min() >= 0
        torch.testing.assert_close(kernel.sum((-2, -1)), torch.ones(2, 1))


def test_depth_and_stages_choose_what_runs():
    network = small()
    estimates = network.estimate(torch.rand(1, 1, 30, 30), depth=1, stages=1)
    assert [len(scale) for scale in estimates] == [1]
    estimates[-1][-1].square().sum().backward()
    learnt = {name for name, p in network.named_parameters() if p.grad is not None}
    assert learnt
    assert all(name.startswith("scales.0.stages.0.features") for name in learnt)


def test_a_picture_of_a_batch_is_estimated_as_if_alone():
    network, pictures = small(), torch.rand(3, 1, 31, 26)
    together, alone = network.estimate(pictures)[-1][-1], network.estimate(pictures[1:2])[-1][-1]
    torch.testing.assert_close(together[1:2], alone, atol=1e-5, rtol=1e-3)


def test_brightness_and_negation_leave_the_kernel():
    network, picture = small(), torch.rand(1, 1, 32, 32, dtype=torch.float64)
    network.double()
    kernel = network.estimate(picture)[-1][-1]
    torch.testing.assert_close(network.estimate(picture + 0.2)[-1][-1], kernel)
    torch.testing.assert_close(network.estimate(1 - picture)[-1][-1], kernel)


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (2, 3), (33, 17)])
def test_any_size_gives_finite_pictures(shape):
    restored = METHOD.build()(torch.rand(1, 3, *shape))
    assert restored.shape == (1, 3, *shape)
    assert restored.isfinite().all()


def test_a_flat_picture_stays_as_it_is():
    network, picture = small(), torch.full((1, 3, 40, 40), 0.25)
    torch.testing.assert_close(network(picture), picture)
    prepared = network.prepare(picture[0], tiled=False)
    assert np.array_equal(prepared.kernel, [[1]])
    torch.testing.assert_close(network.restore(picture, prepared), picture)


@pytest.mark.parametrize("settings", [{}, {"fixed_gradients": True}, {"window": "border", "border": "circular"}])
def test_every_parameter_gets_a_gradient(settings):
    network = small(**settings)
    network(torch.rand(2, 3, 40, 40)).square().sum().backward()
    assert not [name for name, p in network.named_parameters() if p.grad is None or not p.grad.abs().max() > 0]


def test_targets_are_the_kernels_of_their_scale():
    network = METHOD.build()
    true = torch.zeros(1, 1, 41, 41)
    true[..., 20, 4:37] = 1 / 33
    widths = [int((network.kernel_target(true, scale)[0, 0].sum(0) > 0.01).sum()) for scale in range(3)]
    assert widths == [17, 25, 33]
    coarse = network.kernel_target(true, 0)
    torch.testing.assert_close(coarse, coarse.flip(-1), msg="the centre stays")
    torch.testing.assert_close(coarse.sum(), torch.tensor(1.0))
    assert torch.equal(network.kernel_target(delta(true), 0, depth=1), delta(torch.zeros(1, 1, 17, 17)))


def test_sharpening_narrows_a_kernel():
    grid = torch.arange(33.0) - 16
    bell = torch.exp(-(grid**2) / 8)
    kernel = (bell[:, None] * bell)[None, None] / bell.sum() ** 2
    assert sharpened(kernel).max() > 1.02 * kernel.max()
    torch.testing.assert_close(sharpened(kernel).sum(), torch.tensor(1.0))


def test_prepared_kernel_does_not_depend_on_tiling():
    network, picture = small(), torch.rand(3, 60, 50)
    whole, tiled = (network.prepare(picture, tiled).kernel for tiled in (False, True))
    assert np.array_equal(whole, tiled)
    assert whole.dtype == np.float32
    assert whole.shape[0] == whole.shape[1] <= 11
    assert whole.sum() == pytest.approx(1, abs=1e-5)


def test_restoring_deconvolves_every_tile_with_the_prepared_kernel():
    network, picture = small(), torch.rand(3, 48, 40)
    prepared = network.prepare(picture, tiled=False)
    restored = network.restore(picture[None].expand(2, -1, -1, -1), prepared)
    assert restored.shape == (2, 3, 48, 40)
    assert restored.isfinite().all()
    torch.testing.assert_close(restored[0], restored[1])


def edges(count, generator):
    """Return count x 1 x 40 x 40 pictures of sharp-edged squares."""
    squares = (torch.rand(count, 1, 10, 10, generator=generator) > 0.5).float()
    return torch.nn.functional.interpolate(squares, scale_factor=4)


def test_bfloat16_autocast_comes_close():
    network = small()
    picture = 0.1 + 0.8 * torch.nn.functional.avg_pool2d(edges(1, torch.Generator().manual_seed(2)), 3, 1, 1)
    with torch.no_grad():
        exact = network.estimate(picture)[0][0]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            half = network.estimate(picture)[0][0]
            assert network(picture).dtype == torch.float32
    assert half.dtype == torch.float32
    assert torch.corrcoef(torch.stack([exact.flatten(), half.flatten()]))[0, 1] > 0.95


def test_a_stage_learns_kernels_that_it_saw():
    network = small(scales=(5,), stages=1)
    generator = torch.Generator().manual_seed(1)
    kernels = torch.rand(4, 1, 5, 5, generator=generator) ** 4
    kernels /= kernels.sum((-2, -1), keepdim=True)
    sharp = edges(4, generator).transpose(0, 1)
    blurred = torch.nn.functional.conv2d(sharp, kernels.flip(-1, -2), groups=4).transpose(0, 1)
    optimiser = torch.optim.Adam(network.parameters(), 1e-2)
    losses = []
    for _ in range(30):
        loss = (network.estimate(blurred)[-1][-1] - kernels).square().sum((1, 2, 3)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.7 * losses[0]


def test_tiles_that_share_the_overlap_come_close_to_the_whole():
    """The kernel is estimated once, so two overlapping halves differ only near the cut."""
    network = small(smoothness=METHOD.settings["smoothness"])
    generator = torch.Generator().manual_seed(3)
    squares = (torch.rand(1, 3, 6, 40, generator=generator) > 0.5).float()
    picture = 0.1 + 0.8 * torch.nn.functional.interpolate(squares, scale_factor=6)
    prepared = network.prepare(picture[0], tiled=True)
    whole = network.restore(picture, prepared)
    overlap = METHOD.scaling.overlap * max(SMALL["scales"]) // 33
    middle = picture.shape[-1] // 2
    left = network.restore(picture[..., : middle + overlap], prepared)[..., :middle]
    right = network.restore(picture[..., middle - overlap :], prepared)[..., overlap:]
    assert (torch.cat([left, right], -1) - whole).abs().mean() < 2 / 255


def test_the_kernel_is_a_path_centred_on_its_mass(monkeypatch):
    network = small()
    found = torch.zeros(1, 1, 9, 9)
    found[..., 4, 5:8], found[..., 0, 0], found[..., 8, 0:3] = 0.3, 0.01, 0.05
    monkeypatch.setattr(network, "estimate", lambda luma: [[found]])
    kernel = network.prepare(torch.rand(3, 60, 50), tiled=False).kernel
    assert np.allclose(kernel, [[0, 0, 0], [1 / 3, 1 / 3, 1 / 3], [0, 0, 0]], atol=1e-6)


def test_a_doubtful_kernel_is_undone_with_more_calm():
    picture = torch.rand(3, 60, 50)
    bold, calm = small(smoothness=1.0), small(smoothness=12.0)
    calm.load_state_dict(bold.state_dict())
    sharp = [network.restore(picture[None], network.prepare(picture, tiled=False)) for network in (bold, calm)]
    assert sharp[1].diff(dim=-1).abs().mean() < 0.9 * sharp[0].diff(dim=-1).abs().mean()
