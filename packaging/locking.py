"""Writes constraints-SYSTEM.txt for all three systems, on any of them; `make package` builds with these versions.

`python packaging/package.py --lock` calls it. uv resolves for each system with that system's markers and wheels; if
uv is not on the PATH, it is installed into build/locking. PyTorch is left out: the builder chooses it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON_VERSION = "3.11"
MACOS = "14.0"  # the oldest that PyTorch's wheels run on; acutance.spec says the same
PLATFORMS = {
    "linux": "x86_64-manylinux_2_36",  # Debian 12
    "windows": "x86_64-pc-windows-msvc",
    "macos": "aarch64-apple-darwin",
}
TORCH_FAMILY = ("torch", "torchvision", "facenet-pytorch")
_BROUGHT_BY_TORCH = re.compile(r"nvidia-.*|cuda-.*|triton|setuptools")


def constraints(system: str) -> Path:
    """Return the file that holds a system's versions."""
    return HERE / f"constraints-{system}.txt"


def lock(requirements: list[str], folder: Path) -> list[Path]:
    """Resolve `requirements` for every system and write their constraints; install uv into `folder` if needed.

    Raise subprocess.CalledProcessError if there is no solution, or no network.
    """
    uv = _uv(folder)
    written = []
    for system in PLATFORMS:
        target = constraints(system)
        target.write_text("\n".join(resolved(uv, system, requirements)) + "\n", encoding="utf-8")
        written.append(target)
    return written


def resolved(uv: str, system: str, requirements: list[str]) -> list[str]:
    """Return the newest versions that fit together on a system, as `name==version`, without PyTorch."""
    options = ["--quiet", "--no-header", "--no-annotate", "--only-binary=:all:", f"--python-version={PYTHON_VERSION}"]
    certificates = {"SSL_CERT_FILE": os.environ["PIP_CERT"]} if os.environ.get("PIP_CERT") else {}
    done = subprocess.run(
        [uv, "pip", "compile", *options, "--python-platform", PLATFORMS[system], "-"],
        input="\n".join(requirements),
        env={**os.environ, **certificates, "MACOSX_DEPLOYMENT_TARGET": MACOS},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [line for line in done.stdout.splitlines() if line and not _left_out(line)]


def _left_out(line: str) -> bool:
    name = line.partition("==")[0]
    return name in TORCH_FAMILY or _BROUGHT_BY_TORCH.fullmatch(name) is not None


def _uv(folder: Path) -> str:
    found = shutil.which("uv")
    if found:
        return found
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    if not shutil.which("uv", path=str(programs)):
        venv.create(folder, with_pip=True)
        python = shutil.which("python", path=str(programs)) or sys.executable
        subprocess.run([python, "-m", "pip", "--quiet", "install", "uv"], check=True)
    made = shutil.which("uv", path=str(programs))
    assert made is not None
    return made
