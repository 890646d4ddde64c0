"""Every system has its versions, resolved by its own markers and wheels."""

import subprocess
from pathlib import Path

import locking
import package
import pytest


@pytest.mark.parametrize("system", list(locking.PLATFORMS))
def test_a_systems_constraints_cover_all_requirements(system: str) -> None:
    lines = locking.constraints(system).read_text().splitlines()
    pinned = {line.partition("==")[0] for line in lines}
    asked = {package._name(line) for line in (*package.requirements(), *package.ALSO)}
    assert asked <= pinned, f"python packaging/package.py --lock: {sorted(asked - pinned)}"
    assert all(line.count("==") == 1 for line in lines)
    assert not pinned & set(locking.TORCH_FAMILY)


def test_markers_are_those_of_the_system() -> None:
    pinned = {system: locking.constraints(system).read_text() for system in locking.PLATFORMS}
    assert "pywin32-ctypes==" in pinned["windows"] and "pefile==" in pinned["windows"]
    assert "macholib==" in pinned["macos"]
    assert not any(name in pinned["linux"] for name in ("pefile", "macholib", "pywin32-ctypes", "nvidia-", "triton"))


def test_pytorch_and_what_it_brings_is_left_to_the_builder(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "numpy==2.4.6\ntorch==2.15.0\ntriton==3.9.0\nnvidia-cublas==13\nsetuptools==84\nsympy==1.14.0\n"
    asked: list[list[str]] = []

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, stdout=said)

    monkeypatch.setattr(locking.subprocess, "run", run)
    assert locking.resolved("uv", "macos", ["numpy", "torch"]) == ["numpy==2.4.6", "sympy==1.14.0"]
    assert asked[0][asked[0].index("--python-platform") + 1] == "aarch64-apple-darwin"


def test_the_lock_reports_a_missing_solution(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(requirements: list[str], folder: Path) -> list[Path]:
        raise subprocess.CalledProcessError(1, "uv")

    monkeypatch.setattr(locking, "lock", fail)
    with pytest.raises(package.BuildError, match="constraints cannot be written"):
        package.lock()
