"""acutance doctor: reports on devices, versions, weights and folders, without private names."""

from __future__ import annotations

import argparse

from app.cli.console import DONE, FAILED, tell
from app.diagnosis import diagnose, is_sound, report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance doctor`."""


def run(options: argparse.Namespace) -> int:
    """Print the report; exit code 1 if something is damaged or missing."""
    del options
    parts = diagnose()
    tell(report(parts))
    return DONE if is_sound(parts) else FAILED
