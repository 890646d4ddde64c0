"""Checks what a Linux machine needs for `make package`, and names the missing Debian packages.

It looks for Qt's window systems and the GL libraries before the build. PyInstaller would only warn about a missing
one, and the bundle would open no window.
"""

from __future__ import annotations

import ctypes
import importlib.util
import shutil
import sysconfig

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
PROGRAMS = {
    "Xvfb": "xvfb",
    "appstreamcli": "appstream",
    "desktop-file-validate": "desktop-file-utils",
    "dpkg-deb": "dpkg",
    "mksquashfs": "squashfs-tools",
    "objdump": "binutils",
}


class MissingError(Exception):
    """The machine cannot build; the text names all that it lacks."""


def missing() -> dict[str, str]:
    """Return what is missing, each with its Debian package."""
    lacking = {name: package for name, package in _libraries().items() if not _loads(name)}
    lacking |= {name: package for name, package in PROGRAMS.items() if shutil.which(name) is None}
    if importlib.util.find_spec("ensurepip") is None:
        lacking["Python's ensurepip"] = "python3-venv"
    return lacking


def check() -> None:
    """Raise MissingError if something is missing."""
    lacking = missing()
    if lacking:
        packages = " ".join(sorted(set(lacking.values())))
        raise MissingError(f"This machine lacks {', '.join(lacking)}. On Debian: apt-get install {packages}")


def _libraries() -> dict[str, str]:
    """Return all libraries, including Python's: the bundle needs it, and Debian has it in a separate package."""
    python = sysconfig.get_config_var("INSTSONAME") or "libpython"
    return {**LIBRARIES, python: f"libpython{sysconfig.get_python_version()}"}


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
