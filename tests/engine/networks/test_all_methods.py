"""Tests of every registered method: the properties that engine and trainer rely on."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.networks.method import Method
from engine.networks.network import DeblurringNetwork
from engine.networks.registry import UnknownMethodError, method, methods
from engine.request import Request
from engine.restoration.runner import restore
from engine.restoration.watch import Watch
from engine.weights import find_weights, load_network

pytestmark = pytest.mark.usefixtures("few_searches")
REQUEST = Request(device="cpu")
PYTORCH = {"device": "cpu", "backend": "pytorch"}  # converting for OpenVINO takes longer than the test
BOUND = 1 / 255  # difference between tiled and whole
# The share of the values that keep to a bound of its own: 99.9 % of learned-deconv's were measured within 1.4/255, of
# l0-deconv's within 0.8/255.
BOUNDS = {"learned-deconv": (0.999, 2 / 255), "l0-deconv": (0.999, 1 / 255)}
FAST_OVERLAP = 130  # px
SMALL = {
    "wrfn": {"blocks": 2, "channels": 16},
    "deepdeblur": {"modules": 2, "channels": 16},
    "learned-deconv": {"scales": (5, 9), "stages": 2, "filters": 6, "filter_size": 5, "gradients": (2,)},
    "semantic": {"channels": 8, "widths": (4, 8, 16, 32, 64)},
    "finish": {"widths": (8, 8, 8)},
    "analysis-synthesis": {"kernel_sizes": (17,), "features": 8, "maps": 4, "channels": 8},
}

every_method = pytest.mark.parametrize("one", methods().values(), ids=methods().keys())


def built(one: Method, **settings) -> DeblurringNetwork:
    torch.manual_seed(0)
    return one.build({**SMALL.get(one.id, {}), **settings}).eval()


def stirred(network: DeblurringNetwork) -> DeblurringNetwork:
    """Give parameters that start at zero small values, as training does, so that the network changes its input."""
    with torch.no_grad():
        for parameter in network.parameters():
            if not parameter.any():
                parameter.normal_(0, 0.02)
    return network


def picture(height: int, width: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    coarse = rng.random((height // 8 + 1, width // 8 + 1, 3), dtype=np.float32)
    smooth = np.repeat(np.repeat(coarse, 8, axis=0), 8, axis=1)[:height, :width]
    return np.clip(0.1 + 0.8 * smooth + 0.02 * rng.standard_normal((height, width, 3)), 0, 1).astype(np.float32)


def trained(one: Method, side: int) -> torch.Tensor:
    """Return a batch of one that fits the method."""
    height, width = one.scaling.fixed or (side, side)
    return torch.from_numpy(picture(height, width)).permute(2, 0, 1)[None]


def least_side(one: Method, wanted: int = 16) -> int:
    multiple = one.scaling.multiple
    return -(-max(wanted, one.scaling.smallest) // multiple) * multiple


@every_method
def test_the_descriptor_is_complete(one):
    assert one.title and one.summary.endswith(".") and one.paper and one.regions
    assert one.precisions[0] == "float32"
    assert one.id == one.id.lower() and methods()[one.id] is one
    assert one.scaling.tile % one.scaling.multiple == 0 or one.scaling.tile > 4 * one.scaling.overlap


@every_method
def test_forward_keeps_shape_and_range_of_a_batch_of_one_and_two(one):
    network = built(one)
    single = trained(one, least_side(one))
    with torch.inference_mode():
        for batch in (single, single.repeat(2, 1, 1, 1)):
            restored = network(batch)
            assert restored.shape == batch.shape
            assert torch.isfinite(restored).all()


@every_method
def test_pictures_judged_together_come_out_as_photos_do(one):
    network, side = built(one), least_side(one)
    photos = np.stack([picture(side, side), picture(side, side)[::-1]])
    together = network.as_photos(torch.from_numpy(photos).permute(0, 3, 1, 2)).permute(0, 2, 3, 1).numpy()
    for made, photo in zip(together, photos, strict=True):
        alone = restore(network, one, np.ascontiguousarray(photo), REQUEST, Watch()).pixels
        np.testing.assert_allclose(made.clip(0, 1), alone, atol=1e-3)


@every_method
@pytest.mark.parametrize("size", [(1, 1), (1, 70), (37, 41)], ids=["one pixel", "one pixel high", "odd"])
def test_any_size_comes_back_in_its_size(one, size):
    restored = restore(built(one), one, picture(*size), REQUEST, Watch())
    assert restored.pixels.shape == (*size, 3)
    assert np.isfinite(restored.pixels).all()
    assert restored.pixels.min() >= 0 and restored.pixels.max() <= 1
    assert (restored.kernel is not None) == one.yields_kernel


@every_method
def test_a_gradient_reaches_every_parameter(one):
    network = stirred(built(one)).train()
    if not list(network.parameters()):
        pytest.skip(f"{one.id} has nothing to train")
    side = least_side(one)
    torch.manual_seed(1)
    blurred = trained(one, side)
    (network(blurred) - torch.rand_like(blurred)).square().sum().backward()
    without = [
        name for name, p in network.named_parameters() if p.requires_grad and (p.grad is None or not p.grad.any())
    ]
    assert without == []


@every_method
def test_the_same_seed_gives_the_same_network_and_result(one):
    blurred = trained(one, least_side(one))
    with torch.inference_mode():
        assert torch.equal(built(one)(blurred), built(one)(blurred))


@every_method
def test_weights_saved_and_loaded_give_the_same_result(one, install):
    install(one.id, settings=SMALL.get(one.id, {}))
    network = load_network(one.id)
    original = built(one)
    original.load_state_dict(
        {k: t.half().float() if t.is_floating_point() else t for k, t in original.state_dict().items()}
    )
    blurred = trained(one, least_side(one))
    with torch.inference_mode():
        torch.testing.assert_close(network(blurred), original(blurred))


@every_method
def test_tiled_is_whole_within_the_bound(one):
    """Test the installed weights: random ones use their whole receptive field equally, trained ones do not."""
    if find_weights(one.id) is None or one.scaling.fixed or one.scaling.overlap > FAST_OVERLAP:
        pytest.skip(f"{one.id} has no weights, or needs too large a picture for a fast test")
    assert_bounded(difference(load_network(one.id), one), one)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@every_method
def test_tiled_is_whole_within_the_bound_of_large_overlaps(one):
    if find_weights(one.id) is None or one.scaling.fixed or one.scaling.overlap <= FAST_OVERLAP:
        pytest.skip(f"{one.id} has no weights, or was tested among the fast tests")
    assert_bounded(difference(load_network(one.id), one), one)


def assert_bounded(differences: np.ndarray, one: Method) -> None:
    share, bound = BOUNDS.get(one.id, (1.0, BOUND))
    assert np.quantile(differences, share) < bound


def difference(network: DeblurringNetwork, one: Method) -> np.ndarray:
    """Return the differences between a picture restored in one prepared tile and in four."""
    tile = -(-4 * max(one.scaling.overlap, 16) // one.scaling.multiple) * one.scaling.multiple
    pixels = picture(tile + tile // 4, tile + tile // 8)
    only_tile = Request(**PYTORCH, memory=one.scaling.tile_bytes_per_pixel * (2 * tile) ** 2)
    whole = restore(network, _tiled(one), pixels, only_tile, Watch())
    tiled = restore(network, _tiled(one), pixels, Request(**PYTORCH, tile=tile), Watch())
    return np.abs(whole.pixels - tiled.pixels)


def _tiled(one: Method) -> Method:
    """Return the method, changed so that it never restores a picture as a whole."""
    return replace(one, scaling=replace(one.scaling, bytes_per_pixel=10**12))


@pytest.mark.gpu
@every_method
def test_a_gpu_gives_what_the_cpu_gives(one):
    pixels = picture(*(one.scaling.fixed or (96, 96)))
    network = stirred(built(one))
    cpu = restore(network, one, pixels, Request(device="cpu"), Watch()).pixels
    gpu = restore(network, one, pixels, Request(precision="float32"), Watch()).pixels
    np.testing.assert_allclose(gpu, cpu, atol=2e-3)


def test_an_unknown_method_is_a_sentence():
    with pytest.raises(UnknownMethodError, match=r"There is no method 'nosuch'. Installed are: .*wrfn"):
        method("nosuch")
