import sys
from pathlib import Path

from engine.program import program


def test_a_packaged_window_starts_the_command_line_beside_it(monkeypatch):
    assert program() == [sys.executable, "-m", "app"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/acutance/acutance")
    assert program() == ["/opt/acutance/acutance-cli"]
    monkeypatch.setattr(sys, "executable", "/opt/acutance/acutance.exe")
    assert [Path(word).name for word in program()] == ["acutance-cli.exe"]
