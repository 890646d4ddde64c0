"""What ships beside the code: weights with their cards, icons, translations, presets."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Return the path of a shipped file, e.g. ``resource("weights", "wrfn.json")``."""
    return ROOT.joinpath(*parts)
