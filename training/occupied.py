"""One process trains in a run's folder at a time; a note in it says which."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from engine.errors import UserError
from engine.whole_files import write_whole

NAME = "process.json"


def holder(folder: Path) -> int | None:
    """Return the id of the living process that trains in the folder, else None: a killed one's note says nothing."""
    try:
        noted = json.loads((folder / NAME).read_text(encoding="utf-8"))
        process = psutil.Process(int(noted["id"]))
        same = abs(process.create_time() - float(noted["begun"])) < 1 and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return None
    return process.pid if same else None


@contextmanager
def occupied(folder: Path) -> Iterator[None]:
    """Hold the folder; raise UserError where another process does."""
    if holder(folder) not in (None, os.getpid()):
        raise UserError(f"{folder}: another process trains there; wait until it has ended.")
    folder.mkdir(parents=True, exist_ok=True)
    note = {"id": os.getpid(), "begun": psutil.Process().create_time()}
    write_whole(folder / NAME, lambda file: file.write(json.dumps(note).encode()))
    try:
        yield
    finally:
        (folder / NAME).unlink(missing_ok=True)
