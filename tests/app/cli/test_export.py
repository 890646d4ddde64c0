"""`acutance export`: a network as ONNX."""

from pathlib import Path

import pytest

from engine.restoration import onnx_graph


@pytest.fixture
def export(run, here):
    return lambda *arguments: run("export", *arguments)


def test_the_document_says_what_was_written(export, document):
    pytest.importorskip("onnxruntime")
    assert export("wrfn", "-o", "wrfn.onnx", "--json") == 0
    told = document()
    assert told["weights"] == "wrfn" and told["difference"] <= onnx_graph.BOUND
    assert told["licence"] == ""  # weights of the test's own
    assert Path("wrfn.onnx").stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["wrfn", "-o", "wrfn.pt"], 2, "not wrfn.pt"),
        (["nosuch", "-o", "a.onnx"], 1, "There is no method 'nosuch'"),
        (["wrfn@mine", "-o", "a.onnx"], 1, "No weights wrfn@mine are installed"),
        (["wrfn", "-o", "none/a.onnx"], 1, "there is no folder none"),
        (["wrfn", "-o", "there.onnx"], 1, "--overwrite would replace it"),
    ],
)
def test_what_cannot_be_is_a_sentence(export, arguments, code, told, capsys):
    Path("there.onnx").write_bytes(b"mine")
    assert export(*arguments) == code
    assert told in capsys.readouterr().err
    assert Path("there.onnx").read_bytes() == b"mine"
