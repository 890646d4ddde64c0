"""Networks as ONNX files: what onnxruntime makes of them is what PyTorch makes."""

import numpy as np
import pytest
import torch

from engine.errors import UserError
from engine.networks.registry import method
from engine.restoration import onnx_graph
from engine.restoration.onnx_graph import BOUND, SIZES, is_graph, write_onnx

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

SMALL = {
    "wrfn": {"blocks": 1, "channels": 8},
    "deepdeblur": {"modules": 1, "channels": 8},
}


def stirred(method_id: str):
    """A small network whose output is not its input."""
    torch.manual_seed(0)
    network = method(method_id).build(SMALL[method_id]).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            if not parameter.any():
                parameter.normal_(0, 0.05)
    return network


@pytest.mark.parametrize("method_id", SMALL)
def test_a_network_comes_out_as_it_is_in_any_size(method_id, tmp_path):
    network, path = stirred(method_id), tmp_path / "é.onnx"
    assert write_onnx(network, method(method_id), path, {"title": "A title"}) <= BOUND
    model = onnx.load(path)
    assert model.producer_name == "Acutance" and model.metadata_props[0].value == "A title"
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    assert [one.name for one in (*session.get_inputs(), *session.get_outputs())] == ["picture", "restored"]
    for pictures, height, width in [(1, *size) for size in SIZES] + [(2, 31, 46)]:
        given = np.random.default_rng(0).random((pictures, 3, height, width), dtype=np.float32)
        (restored,) = session.run(None, {"picture": given})
        assert restored.shape == given.shape and 0 <= restored.min() <= restored.max() <= 1
        assert np.abs(restored - given).max() > 0.005


def test_a_method_that_is_no_graph_is_a_sentence(tmp_path):
    one = method("l0-deconv")
    network = one.build()
    assert not is_graph(network, one)
    with pytest.raises(UserError, match="no graph of tensors"):
        write_onnx(network, one, tmp_path / "a.onnx", {})
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_gives_another_picture_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(onnx_graph, "_difference", lambda *_: 0.5)
    with pytest.raises(UserError, match=r"another picture than PyTorch, by 127\.50/255"):
        write_onnx(stirred("deepdeblur"), method("deepdeblur"), tmp_path / "a.onnx", {})
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_is_missing_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(onnx_graph, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"acutance\[onnx\]"):
        write_onnx(stirred("deepdeblur"), method("deepdeblur"), tmp_path / "a.onnx", {})
