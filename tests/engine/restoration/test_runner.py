from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engine import devices
from engine.errors import Cancelled, UserError
from engine.networks.method import Method, Scaling
from engine.networks.network import DeblurringNetwork, Prepared
from engine.networks.registry import method
from engine.request import Request
from engine.restoration import runner
from engine.restoration.watch import Watch

SCALING = Scaling(multiple=4, overlap=8, tile=256, smallest=8, bytes_per_pixel=100, tile_bytes_per_pixel=100)
METHOD = Method("fake", "Fake", "", "", "", frozenset({"whole"}), SCALING, precisions=("float32", "bfloat16"))


class Brighter(DeblurringNetwork):
    """Adds 0.1; fails on demand."""

    def __init__(self, most: int = 10**9, fails: type[Exception] = torch.OutOfMemoryError, nan: str = "") -> None:
        super().__init__()
        self.shift = nn.Parameter(torch.tensor(0.1))
        self.most, self.fails, self.nan = most, fails, nan
        self.seen: list[tuple[int, ...]] = []
        self.tiled: list[bool] = []
        self.corners: list[tuple[int, int]] = []

    def forward(self, blurred: Tensor) -> Tensor:
        self.seen.append(tuple(blurred.shape))
        if blurred.shape[-1] > self.most:
            raise self.fails("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")
        half = torch.is_autocast_enabled("cpu")
        if self.nan == "always" or (self.nan == "half" and half):
            return blurred * float("nan")
        return blurred + self.shift

    def prepare(self, picture: Tensor, tiled: bool) -> Prepared:
        self.tiled.append(tiled)
        assert min(picture.shape[-2:]) >= SCALING.smallest
        return Prepared(kernel=np.ones((3, 3), np.float32) / 9, state=picture[0])

    def restore(self, tiles: Tensor, prepared: Prepared) -> Tensor:
        top, left = prepared.corner
        self.corners.append(prepared.corner)
        assert torch.equal(tiles[0, 0, :4, :4], prepared.state[top : top + 4, left : left + 4])
        return self(tiles)


@pytest.fixture(autouse=True)
def own_memory_of_failures(tmp_path, monkeypatch):
    monkeypatch.setattr(devices, "_memory", lambda: tmp_path / "half.json")


def picture(height=300, width=400, channels=3):
    return np.random.default_rng(0).random((height, width, channels), dtype=np.float32) * 0.8


def restored(network, pixels, watch=None, **request):
    return runner.restore(network, METHOD, pixels, Request(device="cpu", **request), watch or Watch())


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (300, 1), (7, 9), (64, 64), (301, 399)])
@pytest.mark.parametrize("tile", [None, 64])
def test_every_size_comes_back_in_its_size(size, tile):
    pixels = picture(*size)
    out = restored(Brighter(), pixels, tile=tile)
    np.testing.assert_allclose(out.pixels, pixels + 0.1, atol=1e-5)
    assert out.device == "cpu"
    assert out.kernel.shape == (3, 3)


def test_tiles_are_of_one_size_and_prepared_for_and_know_their_place():
    network = Brighter()
    restored(network, picture(), tile=100)
    assert len(set(network.seen)) == 1
    assert len(network.seen) > 6
    assert network.tiled == [True]
    assert len(set(network.corners)) == len(network.corners)


def test_whole_if_it_fits():
    network = Brighter()
    restored(network, picture())
    assert network.tiled == [False]
    assert network.seen == [(1, 3, 300, 400)]


def test_the_budget_of_the_request_is_kept():
    network = Brighter()
    restored(network, picture(), memory=2_000_000)
    assert len(network.seen) > 6
    assert all(height * width * 100 <= 2_000_000 for _, _, height, width in network.seen)


@pytest.mark.parametrize("error", [torch.OutOfMemoryError, RuntimeError, MemoryError])
def test_out_of_memory_halves_the_tile_and_says_so(error):
    watch = Watch()
    network = Brighter(most=150, fails=error)
    pixels = picture(300, 512)
    out = restored(network, pixels, watch)
    np.testing.assert_allclose(out.pixels, pixels + 0.1, atol=1e-5)
    assert network.seen[-1][-1] <= 150
    assert watch.notes[0] == "Memory ran out on cpu: went on in tiles of 256 px."


def test_no_memory_at_all_is_a_sentence():
    with pytest.raises(UserError, match="not enough free memory"):
        restored(Brighter(most=10), picture())


def test_another_error_is_not_taken_for_want_of_memory():
    class Broken(Brighter):
        def forward(self, blurred: Tensor) -> Tensor:
            raise RuntimeError("shape mismatch")

    with pytest.raises(RuntimeError, match="shape mismatch"):
        restored(Broken(), picture())


def test_not_a_number_in_half_precision_is_computed_again_and_remembered():
    watch = Watch()
    pixels = picture(64, 64)
    out = restored(Brighter(nan="half"), pixels, watch, precision="bfloat16")
    np.testing.assert_allclose(out.pixels, pixels + 0.1, atol=1e-5)
    assert "bfloat16 gave not-a-number on cpu: computed in float32 instead." in watch.notes
    assert devices._failures() == {"cpu: fake": ["bfloat16"]}


def test_not_a_number_in_float32_is_reported():
    with pytest.raises(UserError, match="invalid numbers"):
        restored(Brighter(nan="always"), picture(64, 64))


def test_a_precision_that_is_not_safe_is_not_used():
    watch = Watch()
    out = restored(Brighter(nan="half"), picture(64, 64), watch, precision="float16")
    assert np.isfinite(out.pixels).all()
    assert watch.notes == ["Fake is not safe in float16: computed in float32."]


def test_cancel_between_tiles():
    watch = Watch(on_tile=lambda box, pixels: watch.cancelled.set())
    network = Brighter()
    with pytest.raises(Cancelled):
        restored(network, picture(), watch, tile=64)
    assert len(network.seen) == 1


def test_progress_rises_to_one():
    shares = []
    restored(Brighter(), picture(), Watch(on_progress=lambda share, step: shares.append(share)), tile=128)
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_a_network_of_one_size_gets_it_and_the_photo_comes_back_in_its_own():
    network = Brighter()
    fixed = replace(METHOD, scaling=Scaling(fixed=(112, 96), multiple=4))
    out = runner.restore(network, fixed, np.full((60, 50, 3), 0.5, np.float32), Request(device="cpu"), Watch())
    assert network.seen == [(1, 3, 112, 96)]
    np.testing.assert_allclose(out.pixels, np.full((60, 50, 3), 0.6), atol=1e-4)


def test_out_of_range_is_clipped():
    out = restored(Brighter(), np.full((16, 16, 3), 0.95, np.float32))
    assert out.pixels.max() == 1


def test_wrfn_of_a_grey_plane_is_wrfn_of_grey():
    torch.manual_seed(0)
    wrfn = method("wrfn")
    network = wrfn.build({"blocks": 1, "channels": 8, "skip": False}).eval()
    plane = picture(40, 60, 1)
    request = Request(device="cpu")
    one = runner.restore(network, wrfn, plane, request, Watch()).pixels
    three = runner.restore(network, wrfn, np.repeat(plane, 3, axis=2), request, Watch()).pixels
    np.testing.assert_allclose(np.repeat(one, 3, axis=2), three, atol=1e-5)


class OnAnotherDevice(Brighter):
    """Works only on the CPU: on the device "meta", which represents a graphics card, it raises an error."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def __deepcopy__(self, memo: dict) -> "OnAnotherDevice":
        return OnAnotherDevice(self.error)

    def restore(self, tiles: Tensor, prepared: Prepared) -> Tensor:
        if tiles.device.type != "cpu":
            self.seen.append(tuple(tiles.shape))
            raise self.error
        return super().restore(tiles, prepared)


@pytest.fixture
def graphics_card(monkeypatch):
    card = torch.device("meta")
    monkeypatch.setattr(devices, "_lost", set())
    monkeypatch.setattr(runner, "choose_device", lambda choice: torch.device("cpu") if devices._lost else card)
    monkeypatch.setattr(devices, "memory_budget", lambda device, asked=None: 10**9)
    return card


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("CUDA error: device-side assert triggered"),
        RuntimeError("CUDA error: unspecified launch failure"),
        RuntimeError("MPS backend is gone"),
    ],
)
def test_a_lost_device_is_left_alone_and_the_cpu_continues(graphics_card, error):
    network, watch, pixels = OnAnotherDevice(error), Watch(), picture(64, 64)
    for _ in range(2):
        out = restored(network, pixels, watch)
        np.testing.assert_allclose(out.pixels, pixels + 0.1, atol=1e-5)
        assert out.device == "cpu"
    assert watch.notes == ["The device meta failed: went on with the CPU."]
    assert devices._lost == {"meta"}
    assert len(network.seen) == 1


def test_a_full_device_gets_smaller_tiles_and_then_the_cpu_continues(graphics_card):
    network, watch, pixels = OnAnotherDevice(torch.OutOfMemoryError("CUDA out of memory")), Watch(), picture(300, 400)
    out = restored(network, pixels, watch)
    np.testing.assert_allclose(out.pixels, pixels + 0.1, atol=1e-5)
    sides = [max(shape[-2:]) for shape in network.seen]
    assert sides == sorted(sides, reverse=True) and sides[-1] < 200
    assert watch.notes[-1] == "Memory ran out on meta: went on with the CPU."
    assert devices._lost == set()


def test_another_error_on_a_device_is_not_taken_for_its_loss(graphics_card):
    with pytest.raises(RuntimeError, match="shape mismatch"):
        restored(OnAnotherDevice(RuntimeError("shape mismatch")), picture(64, 64))
