import errno
import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
import torch

from engine.networks.registry import method
from engine.request import Request
from engine.restoration import backend, conversion, openvino_graph, runner
from engine.restoration.watch import Watch

WRFN = method("wrfn")
SMALL = {"blocks": 1, "channels": 8, "skip": False}
OPENVINO = Request(device="cpu", backend="openvino", precision="float32")
PYTORCH = Request(device="cpu", backend="pytorch")


@pytest.fixture(scope="module", autouse=True)
def openvino():
    if not openvino_graph.openvino_version():
        pytest.skip("OpenVINO is not installed (the extra openvino)")


@pytest.fixture(autouse=True)
def in_a_moment(monkeypatch):
    monkeypatch.setattr(backend, "TEST_SIDE", 60)
    monkeypatch.setattr(backend, "RUNS", 1)


def small():
    torch.manual_seed(0)
    return WRFN.build(SMALL).eval()


@pytest.fixture
def network():
    return small()


@pytest.fixture(scope="module")
def graphs(tmp_path_factory):
    """Return a folder with the graphs of the network: converting takes half of a test's time."""
    folder, network = tmp_path_factory.mktemp("graphs"), WRFN.graphs_of(small())
    weights = openvino_graph.fingerprint(small())
    names = {name: folder / openvino_graph._key(weights, name, False) for name in network.graphs(False)}
    conversion.convert(network, False, names)
    return folder


@pytest.fixture
def converted(graphs):
    """Fill the cache with the graphs of the network."""
    shutil.copytree(graphs, openvino_graph.cache_folder() / "openvino")


@pytest.fixture
def taken(monkeypatch):
    """Ignore the speed, since tiny networks gain nothing."""
    monkeypatch.setattr(backend, "LEAST_GAIN", 0.0)


@pytest.fixture
def faster(taken, converted):
    """Let OpenVINO be chosen in a moment."""


def picture(height=120, width=150, channels=3):
    return np.random.default_rng(0).random((height, width, channels), dtype=np.float32)


def changed(change):
    right = openvino_graph.Compiled.__call__
    return lambda self, tiles: [change(out) for out in right(self, tiles)]


def restored(network, request, pixels=None, watch=None):
    return runner.restore(network, WRFN, picture() if pixels is None else pixels, request, watch or Watch()).pixels


@pytest.mark.parametrize("tile", [None, 80])
@pytest.mark.parametrize("channels", [1, 3])
def test_openvino_gives_what_pytorch_gives(network, faster, tile, channels):
    pixels = picture(channels=channels)
    ours = restored(network, Request(**{**vars(OPENVINO), "tile": tile}), pixels)
    theirs = restored(network, Request(**{**vars(PYTORCH), "tile": tile}), pixels)
    assert backend.choose(network, WRFN, False).kind == "openvino"
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


@pytest.mark.parametrize("norm", ["batch", "none"])
def test_a_network_without_statistics_has_nothing_to_measure(taken, norm):
    network = WRFN.build({**SMALL, "norm": norm}).eval()
    tiled = restored(network, Request(device="cpu", backend="openvino", precision="float32", tile=80))
    np.testing.assert_allclose(tiled, restored(network, Request(device="cpu", backend="pytorch", tile=80)), atol=1e-4)


def test_the_test_is_made_once_and_kept(network, faster, monkeypatch):
    made = []
    compared = backend._compared
    monkeypatch.setattr(backend, "_compared", lambda *a: made.append(a) or compared(*a))
    restored(network, OPENVINO)
    restored(network, OPENVINO)
    twin = WRFN.build(SMALL).eval()
    twin.load_state_dict(network.state_dict())
    restored(twin, OPENVINO)
    assert len(made) == 1
    (kept,) = backend.verdicts().values()
    assert kept.kind == "openvino" and kept.difference < 1e-4 and kept.seconds > 0


def test_other_weights_are_tested_themselves(network, faster):
    restored(network, OPENVINO)
    restored(WRFN.build(SMALL).eval(), OPENVINO)
    assert len(backend.verdicts()) == 2


def test_a_converted_network_is_kept_and_a_damaged_one_made_again(network, taken):
    first = restored(network, OPENVINO)
    folders = list((openvino_graph.cache_folder() / "openvino").iterdir())
    assert len(folders) == 6  # small pictures, large ones as a whole, both parts of tiles, statistics of both
    for folder in folders:
        (folder / conversion.NUMBERS).write_bytes(b"rubbish")
    backend._compiled.clear()
    np.testing.assert_array_equal(restored(network, OPENVINO), first)


def test_only_so_many_converted_networks_are_kept(network, taken, monkeypatch):
    monkeypatch.setattr(conversion, "MOST_KEPT", 1)
    restored(network, OPENVINO)
    assert len(list((openvino_graph.cache_folder() / "openvino").iterdir())) == 1


def test_another_result_is_turned_down_and_said(network, faster, monkeypatch):
    monkeypatch.setattr(openvino_graph.Compiled, "__call__", changed(lambda out: out + 0.5))
    watch = Watch()
    out = restored(network, OPENVINO, watch=watch)
    np.testing.assert_array_equal(out, restored(network, PYTORCH))
    assert watch.notes[0].startswith("OpenVINO's result differs by ")
    assert watch.notes[0].endswith("Computed by PyTorch instead.")


def test_not_a_number_counts_as_a_different_result(network, faster, monkeypatch):
    monkeypatch.setattr(openvino_graph.Compiled, "__call__", changed(lambda out: out * float("nan")))
    assert backend.choose(network, WRFN, False).wrong


def test_no_gain_no_change(network, converted, monkeypatch):
    monkeypatch.setattr(backend, "LEAST_GAIN", 1e9)
    verdict = backend.choose(network, WRFN, False)
    assert (verdict.kind, verdict.reason) == ("pytorch", "OpenVINO is no faster.")
    assert not verdict.wrong


def test_a_network_that_cannot_be_converted_stays_with_pytorch(network, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("No conversion rule for aten::fft_rfft2\nand more")

    monkeypatch.setattr(conversion, "_converted", fails)
    verdict = backend.choose(network, WRFN, False)
    assert verdict.reason == "OpenVINO does not run Any photo, fast: No conversion rule for aten::fft_rfft2"


def test_a_full_disk_is_no_verdict_for_good(network, faster, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(backend, "_compared", full)
        assert backend.choose(network, WRFN, False).kind == "pytorch"
    assert not backend.verdicts()
    assert backend.choose(network, WRFN, False).kind == "openvino"


def test_a_method_without_a_graph_stays_with_pytorch(taken):
    other = method("learned-deconv")
    small = {"scales": (5,), "stages": 1, "filters": 4, "filter_size": 5, "gradients": (2,)}
    assert backend.choose(other.build(small), other, False).kind == "pytorch"


def test_openvino_that_fails_in_the_middle_hands_over(network, faster, monkeypatch):
    backend.choose(network, WRFN, False)

    def fails(self, tiles):
        raise RuntimeError("Exception from src/inference: primitive failed")

    monkeypatch.setattr(openvino_graph.Compiled, "__call__", fails)
    watch = Watch()
    out = restored(network, OPENVINO, watch=watch)
    np.testing.assert_array_equal(out, restored(network, PYTORCH))
    assert watch.notes == ["OpenVINO failed: went on with PyTorch."]


def test_small_pictures_are_not_worth_a_graph(network, taken):
    restored(network, Request(device="cpu"))
    assert backend.verdicts() == {}


def test_half_precision_asked_for_is_pytorchs(network):
    watch = Watch()
    restored(network, Request(device="cpu", backend="openvino", precision="bfloat16"), watch=watch)
    assert watch.notes == ["OpenVINO is for the CPU in full precision: computed by PyTorch on cpu."]


def test_bfloat16_within_the_blocks_is_not_seen(network):
    plane = torch.from_numpy(picture(100, 100, 1)).permute(2, 0, 1)[None]
    with torch.inference_mode():
        full, half = (WRFN.graphs_of(network).graphs(half)["whole"].module(plane) for half in (False, True))
    assert 0 < float((full - half).abs().max()) < 0.05  # untrained and without skip: as large as the picture


def test_spoilt_verdicts_are_no_harm(network, faster):
    backend._file().parent.mkdir(parents=True, exist_ok=True)
    backend._file().write_text(json.dumps({"a": {"kind": "openvino", "colour": 1}}))
    assert backend.verdicts() == {}
    assert backend.choose(network, WRFN, False).kind == "openvino"


def test_without_openvino_the_reason_is_reported(network, monkeypatch):
    monkeypatch.setattr(backend, "why_no_openvino", lambda: "OpenVINO is not installed.")
    watch = Watch()
    restored(network, OPENVINO, watch=watch)
    assert watch.notes == ["OpenVINO is not installed. Computed by PyTorch instead."]


def test_nothing_is_sent_to_intel():
    """OpenVINO reports its import and every conversion by `openvino_telemetry`, if that can be imported."""
    code = (
        "import sys; from engine.restoration.conversion import openvino; openvino().convert_model;"
        "sys.exit([n for n, m in sys.modules.items() if n.startswith('openvino_telemetry') and m] or 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
