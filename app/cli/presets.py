"""Presets: requests without a photo, saved under a name."""

from __future__ import annotations

import json
from pathlib import Path

import platformdirs

from app.cli.console import usage
from engine.errors import UserError
from engine.request import Request
from resources import resource


def preset_folders() -> list[Path]:
    """Return where presets lie: the user's, then those that ship."""
    return [Path(platformdirs.user_config_dir("acutance", appauthor=False)) / "presets", resource("presets")]


def load_preset(name: str) -> Request:
    """Return the preset of that name or in that file; raise UserError where there is none or it cannot be read."""
    candidates = [Path(name), *(folder / f"{name}.json" for folder in preset_folders())]
    path = next((candidate for candidate in candidates if candidate.is_file()), None)
    if path is None:
        raise UserError(f"There is no preset {name!r}.")
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        with usage():
            return Request.from_json(plain)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise UserError(f"The preset {path} cannot be read: {error}.") from error
