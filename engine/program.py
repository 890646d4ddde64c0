"""Describes this program: its version, whether it is packaged, and how to start its command line."""

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
    """Whether this is the packaged program (packaging/), not Python with the source."""
    return bool(getattr(sys, "frozen", False))


def program() -> list[str]:
    """Return the command that starts the command line; the packaged program has it beside the window's program."""
    if packaged():
        return [str(Path(sys.executable).with_name("acutance-cli").with_suffix(Path(sys.executable).suffix))]
    return [sys.executable, "-m", "app"]


def root() -> str | None:
    """Return the folder in which an uninstalled checkout must be started; None for a packaged program."""
    return None if packaged() else os.fspath(Path(__file__).parents[1])
