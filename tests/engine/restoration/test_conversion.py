import pytest

from engine.networks.registry import method
from engine.restoration import conversion
from engine.restoration.openvino_graph import openvino_version

pytestmark = pytest.mark.skipif(not openvino_version(), reason="OpenVINO is not installed (the extra openvino)")


@pytest.fixture
def network():
    wrfn = method("wrfn")
    return wrfn.graphs_of(wrfn.build({"blocks": 1, "channels": 8, "skip": False}).eval())


def test_graphs_are_written_whole(network, tmp_path):
    folders = {name: tmp_path / "graphs" / name for name in ("whole", "blending")}
    conversion.convert(network, False, folders)
    for folder in folders.values():
        assert conversion.checksum(folder) == (folder / conversion.CHECKSUM).read_text()
    assert {path.name for path in (tmp_path / "graphs").iterdir()} == {"whole", "blending"}


def test_existing_graphs_are_not_converted_again(network, tmp_path, monkeypatch):
    (tmp_path / "whole").mkdir()
    monkeypatch.setattr(conversion, "_converted", lambda *_: pytest.fail("converted"))
    conversion.convert(network, False, {"whole": tmp_path / "whole"})
    assert list((tmp_path / "whole").iterdir()) == []
