"""Builds the packaged program and its installers: `make package`, or `python packaging/package.py --help`.

Steps: an environment of its own (build/package-venv) with the right PyTorch, PyInstaller, the table of sizes, the
smoke test, and the installers for this system. Everything goes into build/ and dist/.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
import venv
from collections.abc import Sequence
from pathlib import Path

import appimage_runtime
import locking
import needs

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BUILD, DIST = ROOT / "build", ROOT / "dist"
ENVIRONMENT = BUILD / "package-venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
SYSTEM = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
CONSTRAINTS = locking.constraints(SYSTEM)
TORCH = "torch==2.14.1"
CPU_TORCH = "torch==2.13.0+cpu" if SYSTEM == "linux" else TORCH  # on other systems, PyPI's is the CPU build
ALSO = ("requests", "pyinstaller")  # for facenet-pytorch, and the builder itself
PYTORCHS_OWN_INDEX = "https://download.pytorch.org/whl/cpu"  # its CPU build for Linux is not on PyPI

log = logging.getLogger("build")


class BuildError(Exception):
    """The build cannot go on; the text says why."""


def requirements() -> list[str]:
    """Return the requirements of pyproject.toml and OpenVINO, without PyTorch and its family."""
    return [line for line in _dependencies() if _name(line) not in locking.TORCH_FAMILY]


def torch_requirements(kind: str) -> list[str]:
    """Return what to install for "cpu", "cuda" or "installed" (the installed one, else pip's default).

    No build contains torchvision (see stand_in/): its CPU builds are on another index, and a bundle does not find its
    library of operators, which facenet-pytorch does not need.
    """
    return [CPU_TORCH if kind == "cpu" else TORCH]


def _dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["openvino"]]


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower()


def make_environment(kind: str) -> None:
    """Install all requirements and the builder into build/package-venv, in the versions of the constraints."""
    if not PYTHON.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    constraints = ["--constraint", str(CONSTRAINTS)]
    if _installed("torchvision"):
        _pip("uninstall", "--yes", "torchvision")
    if kind != "installed" or not _installed("torch"):
        _install_torch(kind, constraints)
    _pip("install", *constraints, *requirements(), *ALSO)
    facenet = next(line for line in _dependencies() if _name(line) == "facenet-pytorch")
    _pip("install", "--no-deps", facenet)  # its dependencies would install torchvision
    _pip("install", "--no-deps", "--editable", str(ROOT))
    check_torch(kind)


def _install_torch(kind: str, constraints: list[str]) -> None:
    """Install PyTorch from pip's index, or its CPU build from PyTorch's own index if pip does not find it."""
    asked = ["install", *constraints, *torch_requirements(kind)]
    try:
        _pip(*asked)
    except BuildError:
        if (kind, SYSTEM) != ("cpu", "linux"):
            raise
        log.info("pip does not find the CPU build where it looks: asking %s", PYTORCHS_OWN_INDEX)
        _pip(*asked, "--extra-index-url", PYTORCHS_OWN_INDEX)


def _installed(package: str) -> bool:
    return subprocess.run([PYTHON, "-m", "pip", "show", "--quiet", package], capture_output=True).returncode == 0


def _pip(*arguments: str) -> None:
    _run(PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)


def check_torch(kind: str) -> None:
    """Raise BuildError if the installed PyTorch is not of the wanted kind."""
    asked = "import torch; print(torch.__version__, torch.version.cuda or torch.version.hip or 'cpu')"
    said = subprocess.run([PYTHON, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    version, found = said[0], "cpu" if said[1] == "cpu" else "cuda"
    log.info("PyTorch %s (%s)", version, said[1])
    if kind not in ("installed", found):
        asked_for = f"A {kind} build was asked for, but PyTorch {version} in {ENVIRONMENT} is a {found} build."
        raise BuildError(f"{asked_for} Remove that folder, and have pip find the other build (packaging/README.md).")


def freeze() -> Path:
    """Run PyInstaller and return the bundle."""
    paths = ["--distpath", str(DIST), "--workpath", str(BUILD / "pyinstaller")]
    options = ["--noconfirm", "--log-level", "WARN", *paths]
    environment = {**os.environ, "PYTHONPATH": "", "PYTHONSAFEPATH": "1"}
    _run(PYTHON, "-m", "PyInstaller", *options, HERE / "acutance.spec", environment=environment)
    return DIST / ("Acutance.app" if SYSTEM == "macos" else "acutance")


def smoke(bundle: Path, weights: Path | None) -> None:
    """Test the bundle, and compare it with the source."""
    chosen = ["--weights", str(weights)] if weights else []
    _run(PYTHON, HERE / "smoke.py", bundle, *chosen)


def installers(bundle: Path) -> None:
    """Make the installers for this system."""
    version = subprocess.run(
        [PYTHON, "-c", "from importlib.metadata import version; print(version('acutance'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    if SYSTEM == "linux":
        icons = BUILD / "icons"
        _run(PYTHON, HERE / "icons.py", icons, environment={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
        _run("bash", HERE / "linux" / "deb.sh", bundle, version, icons, DIST)
        begins = appimage_runtime.runtime(BUILD / "appimage", PYTHON)
        _run("bash", HERE / "linux" / "appimage.sh", bundle, version, icons, DIST, *([begins] if begins else []))
    elif SYSTEM == "macos":
        _run("bash", HERE / "macos" / "dmg.sh", bundle, version, DIST)
    else:
        compiler = shutil.which("iscc")
        if compiler is None:
            log.warning("Inno Setup's iscc is not on the PATH: no installer is made")
            return
        _run(compiler, f"/DVersion={version}", f"/DBundle={bundle}", f"/O{DIST}", HERE / "windows" / "acutance.iss")


def _run(*command: str | Path, environment: dict[str, str] | None = None) -> None:
    words = [str(word) for word in command]
    done = subprocess.run(words, env=environment, cwd=ROOT, check=False)
    if done.returncode != 0:
        raise BuildError(f"{' '.join(words)} ended with exit code {done.returncode}.")


def lock() -> None:
    """Write the newest versions that fit together, for each system. Raises BuildError."""
    try:
        written = locking.lock([*requirements(), *ALSO, TORCH], BUILD / "locking")
    except subprocess.CalledProcessError as error:
        raise BuildError(f"The constraints cannot be written: {error}") from error
    log.info("wrote %s", ", ".join(path.name for path in written))


def build(options: argparse.Namespace) -> None:
    """Go through all steps. Raises BuildError."""
    begin = time.monotonic()
    if SYSTEM == "linux":
        needs.check()
    make_environment(options.torch)
    bundle = freeze()
    log.info("the program lies in %s (%.0f s)", bundle, time.monotonic() - begin)
    contents = BUILD / "pyinstaller" / "acutance" / "contents.json"
    _run(PYTHON, HERE / "sizes.py", DIST / "acutance", contents)
    smoke(bundle, options.weights)
    if not options.no_installers:
        installers(bundle)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--torch", choices=["installed", "cpu", "cuda"], default="installed")
    parser.add_argument("--weights", type=Path, help="weights for the smoke test instead of the shipped ones")
    parser.add_argument("--lock", action="store_true", help="write the constraints of all systems anew, and end")
    parser.add_argument("--no-installers", action="store_true", help="end with the folder in dist/")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="build: %(message)s")
    try:
        if options.lock:
            lock()
        else:
            build(options)
    except (BuildError, needs.MissingError) as error:
        log.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
