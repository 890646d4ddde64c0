"""The rules of the build: packages, the choice of PyTorch, the count of sizes."""

import contextlib
import json
import shutil
import subprocess
from pathlib import Path

import package
import pytest
import sizes

PACKAGING = Path(package.__file__).parent


def test_requirements_come_from_pyproject() -> None:
    names = {package._name(line) for line in package.requirements()}
    assert {"numpy", "pyside6-essentials", "safetensors", "openvino"} <= names
    assert not names & set(package.locking.TORCH_FAMILY)


@pytest.mark.parametrize("kind", ["cpu", "cuda", "installed"])
def test_no_build_has_torchvision(kind: str) -> None:
    assert [package._name(line) for line in package.torch_requirements(kind)] == ["torch"]


@pytest.mark.parametrize(
    ("asked", "found", "fits"), [("cpu", "cpu", True), ("cuda", "13.0", True), ("cpu", "13.0", False)]
)
def test_the_wrong_pytorch_is_refused(asked: str, found: str, fits: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    said = subprocess.CompletedProcess([], 0, stdout=f"2.13.0 {found}\n")
    monkeypatch.setattr(package.subprocess, "run", lambda *args, **kwargs: said)
    if fits:
        package.check_torch(asked)
    else:
        with pytest.raises(package.BuildError, match="A cpu build was asked for"):
            package.check_torch(asked)


@pytest.mark.parametrize(("kind", "tries"), [("cpu", 2), ("cuda", 1)])
def test_a_cpu_build_that_pip_does_not_find_is_looked_for_at_pytorchs(
    kind: str, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    def pip(*arguments: str) -> None:
        asked.append(arguments)
        if package.PYTORCHS_OWN_INDEX not in arguments:
            raise package.BuildError("nothing found")

    monkeypatch.setattr(package, "_pip", pip)
    monkeypatch.setattr(package, "SYSTEM", "linux")
    with contextlib.nullcontext() if kind == "cpu" else pytest.raises(package.BuildError):
        package._install_torch(kind, [])
    assert len(asked) == tries


def test_sizes_by_package(tmp_path: Path) -> None:
    bundle = tmp_path / "acutance"
    for place, size in (("acutance", 10), ("_internal/torch/nn/__init__.pyc", 2**21), ("_internal/libz.so.1", 2**20)):
        (bundle / place).parent.mkdir(parents=True, exist_ok=True)
        (bundle / place).write_bytes(bytes(size))
    (bundle / "_internal/link").symlink_to("libz.so.1")
    owners = [{"place": "torch/nn/__init__.pyc", "component": "torch"}, {"place": "libz.so.1", "component": "zlib1g"}]
    (tmp_path / "contents.json").write_text(json.dumps(owners))
    found = sizes.sizes(bundle, tmp_path / "contents.json")
    assert found == {"torch": 2**21, "zlib1g": 2**20, "acutance": 10}
    assert sizes.table(found).splitlines()[2:] == [
        "| torch | 2.0 |",
        "| zlib1g | 1.0 |",
        "| 1 smaller ones | 0.0 |",
        "| all | 3.0 |",
    ]


@pytest.mark.parametrize(
    "script", [*sorted(PACKAGING.rglob("*.sh")), PACKAGING / "linux" / "AppRun"], ids=lambda p: p.name
)
def test_shell_scripts_pass_shellcheck(script: Path) -> None:
    shellcheck = shutil.which("shellcheck") or pytest.skip("shellcheck is not installed")
    done = subprocess.run([shellcheck, "-x", script], cwd=PACKAGING.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_desktop_file_names_the_program() -> None:
    lines = (PACKAGING / "linux" / "acutance.desktop").read_text().splitlines()
    assert "Exec=acutance %F" in lines and "Icon=acutance" in lines
    application = (PACKAGING.parent / "app" / "window" / "application.py").read_text()
    assert 'setDesktopFileName("acutance")' in application
