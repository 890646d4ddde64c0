"""Remembers diagnoses by the content of the photos' files, in the user's cache folder."""

from __future__ import annotations

import json
import logging
import threading
from hashlib import blake2b
from pathlib import Path
from typing import Any

from engine.user_folders import cache_folder
from engine.whole_files import write_whole

_log = logging.getLogger(__name__)
FORMAT = 2  # another one for each change of what a diagnosis says
MOST = 50_000  # photos that are remembered; with more, the older half is forgotten


def key_of(data: bytes, weights: str, faces: bool) -> str:
    """Return the key of a file's content, under these weights; faces: whether faces were looked for."""
    return f"{FORMAT}-{weights}-{'faces' if faces else 'whole'}-{blake2b(data, digest_size=16).hexdigest()}"


class Cache:
    """A file with one line for each photo. Lines are only added, so that whatever ends the program loses none.

    Any thread may call it. Several processes may add to one file: a line is written at once. What cannot be read is
    forgotten, and what cannot be written is logged: the photos are then looked at again.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or cache_folder()) / "triage.jsonl"
        self._lock = threading.Lock()
        self._known: dict[str, dict[str, Any]] | None = None

    def get(self, key: str) -> dict[str, Any] | None:
        """Return what is remembered, None if nothing is."""
        with self._lock:
            return self._read().get(key)

    def add(self, key: str, plain: dict[str, Any]) -> None:
        """Remember a diagnosis."""
        line = json.dumps({"key": key, **plain}).encode()
        with self._lock:
            self._read()[key] = plain
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with self.path.open("ab") as file:
                    file.write(b"\n" + line + b"\n")  # the first ends a line that a crash tore
            except OSError as error:
                _log.warning("the diagnosis is not remembered: %s", error)

    def _read(self) -> dict[str, dict[str, Any]]:
        if self._known is None:
            self._known = _lines(self.path)
            if len(self._known) > MOST:
                self._known = dict(list(self._known.items())[-MOST // 2 :])
                self._rewrite()
        return self._known

    def _rewrite(self) -> None:
        assert self._known is not None
        text = "".join(json.dumps({"key": key, **plain}) + "\n" for key, plain in self._known.items())
        try:
            write_whole(self.path, lambda file: file.write(text.encode()))
        except OSError as error:
            _log.warning("old diagnoses are not forgotten: %s", error)


def _lines(path: Path) -> dict[str, dict[str, Any]]:
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError:
        return {}
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        try:
            plain = json.loads(line)
            found[plain.pop("key")] = plain
        except (ValueError, TypeError, AttributeError, KeyError):
            continue
    return found


class Forgetful(Cache):
    """Remembers new diagnoses, but tells none of those of before."""

    def get(self, key: str) -> None:
        """Return nothing."""


class Nothing(Forgetful):
    """Remembers nothing at all: somebody else does."""

    def add(self, key: str, plain: dict[str, Any]) -> None:
        """Forget it."""
