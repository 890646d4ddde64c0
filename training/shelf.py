"""Puts weights and their card where the program looks for them. Imports no torch."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import UserError
from engine.program import own_version
from engine.weights import FORMAT
from engine.whole_files import write_whole


def put(folder: Path, weights_id: str, weights: bytes, facts: Mapping[str, Any]) -> Path:
    """Write ID.safetensors and the card ID.json with `facts` into `folder`; return the card's path.

    Each file is written completely or not at all. Between the two, the older card's SHA-256 does not match the
    weights, so readers refuse them (`engine.weights.read_checked`). Raise UserError if they cannot be written.
    """
    card = {
        "format": FORMAT,
        "id": weights_id,
        "method": weights_id,
        **facts,
        "code_version": own_version() or "source",
        "created": today(),
        "sha256": hashlib.sha256(weights).hexdigest(),
    }
    text = json.dumps(card, indent=2) + "\n"
    path = folder / f"{weights_id}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path.with_suffix(".safetensors"), lambda file: file.write(weights))
        write_whole(path, lambda file: file.write(text.encode()))
    except OSError as error:
        raise UserError("The weights {path} cannot be written: {reason}.", path=path, reason=error) from error
    return path


def today() -> str:
    """Return the date as cards have it."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()
