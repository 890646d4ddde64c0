"""Remembers that the networks were measured on this machine with these versions, without torch."""

from __future__ import annotations

import json
import logging
import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from engine.request import Request
from engine.user_folders import cache_folder
from engine.whole_files import write_whole

_log = logging.getLogger(__name__)


def is_due(request: Request) -> bool:
    """Whether networks were never measured here for requests with this device, precision and backend."""
    try:
        kept = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True
    return not isinstance(kept, list) or _state(request) not in kept


def note_done(request: Request) -> None:
    """Note that they were measured."""
    text = json.dumps([_state(request)], indent=2)
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        write_whole(_file(), lambda file: file.write(text.encode()))
    except OSError as error:
        _log.warning("cannot note that this machine was measured: %s", error)


def _state(request: Request) -> str:
    """Return all that the measurement depends on, except weights: new ones are measured with their first photo."""
    packages = ", ".join(f"{name} {_version(name)}" for name in ("acutance", "torch", "openvino"))
    return f"{packages}, {os.cpu_count()} processors, {request.device}, {request.precision}, {request.backend}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"


def _file() -> Path:
    return cache_folder() / "rehearsed.json"
