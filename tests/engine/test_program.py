import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from engine import program as module
from engine.program import own_version, program


def test_a_packaged_window_starts_the_command_line_beside_it(monkeypatch):
    assert program() == [sys.executable, "-m", "app"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/acutance/acutance")
    assert program() == ["/opt/acutance/acutance-cli"]
    monkeypatch.setattr(sys, "executable", "/opt/acutance/acutance.exe")
    assert [Path(word).name for word in program()] == ["acutance-cli.exe"]


def test_the_version_is_that_of_the_installed_program(monkeypatch):
    assert own_version() == metadata("acutance")["Version"]

    def nothing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(module, "version", nothing)
    assert own_version() is None
