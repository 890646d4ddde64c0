"""A photo with large plain areas: whole, tiled and sampled results agree, and have no mesh of the stride."""

import cv2
import numpy as np
import pytest

from engine.networks.registry import method
from engine.networks.wrfn import sampling
from engine.request import Request
from engine.restoration import backend, openvino_graph, runner
from engine.restoration.watch import Watch
from engine.weights import load_network

WRFN = method("wrfn")
HEIGHT, WIDTH = 900, 1200
PLAIN = slice(100, 500), slice(100, 1100)
PART = slice(350, 700), slice(100, 600)  # plain above, writing below


@pytest.fixture(scope="module")
def network():
    return load_network("wrfn").eval()


@pytest.fixture(scope="module")
def page():
    """Return a grey page, plain in its upper half, with a blurred dark strip of writing below, and fine noise."""
    ink = np.zeros((HEIGHT, WIDTH), np.uint8)
    for row, size in ((640, 3), (760, 4), (900, 5)):
        cv2.putText(ink, "plain areas 0123456789", (40, row), cv2.FONT_HERSHEY_SIMPLEX, size, 255, 3 * size)
    page = 0.62 + np.linspace(0, 0.08, WIDTH, dtype=np.float32) - 0.5 * (ink / np.float32(255))
    page = cv2.blur(page, (15, 3)) + np.random.default_rng(0).normal(0, 0.004, page.shape).astype(np.float32)
    return ((page.clip(0, 1) * 255).round() / 255).astype(np.float32)[..., None]


def restored(network, page, **request):
    request = Request(**{"device": "cpu", "backend": "pytorch", "precision": "float32", **request})
    return runner.restore(network, WRFN, page, request, Watch()).pixels


def mesh(added):
    """Return the worst variation with a period of 5 px in a plane of 100 px, in 8-bit levels."""
    height, width = (side // 100 for side in added.shape)
    cells = added.reshape(height, 20, 5, width, 20, 5).mean(axis=(1, 4))
    return 255 * float(cells.std(axis=(1, 3)).max())


def strongest_mesh(restored, page):
    return mesh((restored - page)[PLAIN][..., 0])


@pytest.fixture(scope="module")
def whole(network, page):
    return restored(network, page)


@pytest.fixture
def part(page, monkeypatch):
    """Return a part of the page, restored as large pictures are."""
    monkeypatch.setattr("engine.networks.wrfn.network.AT_ONCE", 100_000)
    monkeypatch.setattr("engine.networks.wrfn.graph.AT_ONCE", 100_000)
    return np.ascontiguousarray(page[PART])


def test_a_drawn_mesh_is_measured():
    cell = np.zeros((5, 5), np.float32)
    cell[0] = 10 / 255
    assert mesh(np.tile(cell, (40, 60))) == pytest.approx(4, abs=0.01)


def test_whole_adds_no_mesh_to_a_plain_area(whole, page):
    assert strongest_mesh(whole, page) < 1


def test_in_tiles_a_photo_comes_out_as_whole(network, page, whole):
    tiled = restored(network, page, tile=600)
    off = np.abs(tiled - whole)
    assert off[PLAIN].max() < 2 / 255
    assert (
        np.sqrt(np.mean(off**2)) < 0.5 / 255
    )  # at edges up to 7 levels: tiles overlap by less than the network sees
    assert strongest_mesh(tiled, page) < 1


def test_sampled_a_photo_comes_out_nearly_as_whole(network, page, whole, monkeypatch):
    monkeypatch.setattr(sampling, "SEEN", 900_000)
    assert len(sampling.sample(runner.tensor_of(page)[0], 5)) > 1
    sampled = restored(network, page, tile=600)
    assert np.sqrt(np.mean((sampled - whole) ** 2)) < 1 / 255
    assert strongest_mesh(sampled, page) < 1


@pytest.mark.parametrize("tile", [None, 300])
def test_openvino_gives_the_same(network, part, tile, monkeypatch):
    if not openvino_graph.openvino_version():
        pytest.skip("OpenVINO is not installed (the extra openvino)")
    monkeypatch.setattr(backend, "LEAST_GAIN", 0.0)
    monkeypatch.setattr(backend, "RUNS", 1)
    monkeypatch.setattr(backend, "TEST_SIDE", 100)
    same = restored(network, part, tile=tile, backend="openvino")
    assert backend.choose(network, WRFN, False).kind == "openvino"
    assert np.abs(same - restored(network, part, tile=tile)).max() < 1 / 255
