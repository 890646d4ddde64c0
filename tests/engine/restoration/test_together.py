import numpy as np
import pytest
import torch

from engine.networks.registry import method
from engine.request import Request
from engine.restoration import runner, together
from engine.restoration.watch import Watch

DEEPDEBLUR = method("deepdeblur")
REQUEST = Request(device="cpu")


@pytest.fixture
def network(monkeypatch):
    torch.manual_seed(0)
    network = DEEPDEBLUR.build({"modules": 1, "channels": 8, "skip": False}).eval()
    network.passes = []
    network.register_forward_pre_hook(lambda module, given: network.passes.append(len(given[0])))
    return network


def crops(count, side=64):
    return list(np.random.default_rng(0).random((count, side, side, 3), dtype=np.float32))


def restored(network, pictures, request=REQUEST):
    return [one.pixels for one in together.restore_together(network, DEEPDEBLUR, pictures, request, Watch())]


def one_by_one(network, pictures):
    return [runner.restore(network, DEEPDEBLUR, one, REQUEST, Watch()).pixels for one in pictures]


def test_faces_go_through_in_one_pass_and_come_out_the_same(network):
    pictures = crops(5)
    np.testing.assert_allclose(restored(network, pictures), one_by_one(network, pictures), atol=1e-5)
    assert network.passes[0] == 5


def test_the_budget_says_how_many_go_at_once(network):
    budget = 2 * 64 * 64 * DEEPDEBLUR.scaling.bytes_per_pixel
    assert len(restored(network, crops(5), Request(device="cpu", memory=budget))) == 5
    assert network.passes == [2, 2, 1]


def test_faces_of_several_sizes_go_one_by_one(network):
    pictures = [*crops(2), *crops(1, 80)]
    assert [one.shape for one in restored(network, pictures)] == [one.shape for one in pictures]
    assert network.passes == [1, 1, 1]


def test_a_batch_that_fails_is_done_one_by_one(network, monkeypatch):
    def too_many(module, given):
        if len(given[0]) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")

    network.register_forward_pre_hook(too_many)
    pictures = crops(3)
    np.testing.assert_allclose(restored(network, pictures), one_by_one(network, pictures), atol=1e-5)


def test_networks_that_prepare_go_one_by_one():
    wrfn = method("wrfn")
    network = wrfn.build({"blocks": 1, "channels": 8, "skip": False}).eval()
    pictures = crops(2, 60)
    out = together.restore_together(network, wrfn, pictures, REQUEST, Watch())
    expected = [runner.restore(network, wrfn, one, REQUEST, Watch()).pixels for one in pictures]
    np.testing.assert_array_equal([one.pixels for one in out], expected)
