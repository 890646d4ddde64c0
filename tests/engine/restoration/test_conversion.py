import io

import pytest
import torch

from engine.networks.registry import method
from engine.restoration import conversion
from engine.restoration.openvino_graph import openvino_version

pytestmark = pytest.mark.skipif(not openvino_version(), reason="OpenVINO is not installed (the extra openvino)")


@pytest.fixture
def network():
    return method("wrfn").build({"blocks": 1, "channels": 8, "skip": False}).eval()


@pytest.mark.slow
def test_another_process_leaves_whole_graphs(network, tmp_path):
    folders = {False: tmp_path / "graphs" / "whole", True: tmp_path / "graphs" / "tiled"}
    conversion.convert(network, False, folders)
    for folder in folders.values():
        assert conversion.checksum(folder) == (folder / conversion.CHECKSUM).read_text()
    assert {path.name for path in (tmp_path / "graphs").iterdir()} == {"whole", "tiled"}


@pytest.mark.slow
def test_what_the_other_process_says_is_the_reason(network, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RuntimeError, match="file"):
        conversion.convert(network, False, {False: tmp_path / "file" / "whole"})


def test_what_is_there_is_not_converted_again(network, tmp_path, monkeypatch):
    (tmp_path / "whole").mkdir()
    monkeypatch.setattr(conversion, "_converted", lambda *_: pytest.fail("converted"))
    conversion.write_graphs(network, False, {False: tmp_path / "whole"})
    assert list((tmp_path / "whole").iterdir()) == []


def test_an_order_that_cannot_be_read_is_said_in_one_line(capsys):
    assert conversion.main(io.BytesIO(b"rubbish")) == 1
    assert capsys.readouterr().err.strip()


def test_an_order_is_carried_out(network, tmp_path):
    order = io.BytesIO()
    torch.save((network, False, {False: tmp_path / "whole"}), order)
    order.seek(0)
    assert conversion.main(order) == 0
    assert (tmp_path / "whole" / conversion.GRAPH).is_file()
