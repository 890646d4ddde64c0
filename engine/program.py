"""What this program is, packaged or not, and how its command line is started as another process."""

from __future__ import annotations

import os
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def own_version() -> str | None:
    """Return the version of this program; None for a checkout that is not installed."""
    try:
        return version("acutance")
    except PackageNotFoundError:
        return None


def packaged() -> bool:
    """Tell whether this is the packaged program (packaging/), not Python with the source."""
    return bool(getattr(sys, "frozen", False))


def program() -> list[str]:
    """Return how the command line of this program is started: a packaged one has it beside the window's."""
    if packaged():
        return [str(Path(sys.executable).with_name("acutance-cli").with_suffix(Path(sys.executable).suffix))]
    return [sys.executable, "-m", "app"]


def root() -> str | None:
    """Return the folder to start it in, where a checkout that is not installed is found; None for a packaged one."""
    return None if packaged() else os.fspath(Path(__file__).parents[1])
