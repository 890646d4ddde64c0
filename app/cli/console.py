"""What sub-commands share: exit codes, one JSON document on standard output, all else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.remaining import Remaining, duration
from engine.errors import UserError

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


class UsageError(UserError):
    """The command line asks for what cannot be; exit code 2."""


def say(text: str) -> None:
    """Write a line to standard error."""
    clear_progress()
    print(text, file=sys.stderr, flush=True)


def tell(text: str) -> None:
    """Write a line to standard output."""
    clear_progress()
    print(text, flush=True)


def print_json(document: Any) -> None:
    """Write the one JSON document to standard output."""
    clear_progress()
    print(json.dumps(document, indent=2, ensure_ascii=False, default=str), flush=True)


_remaining = Remaining()


def show_progress(share: float, step: str) -> None:
    """Redraw the line that moves, where standard error is a terminal."""
    if sys.stderr.isatty():
        left = _remaining.seconds(share, step)
        told = "" if left is None else f"{duration(left)} left"
        print(f"\r{share:4.0%} {step:<12}{told:<18}", end="", file=sys.stderr, flush=True)


def clear_progress() -> None:
    """Wipe the line that moves."""
    if sys.stderr.isatty():
        print(f"\r{'':40}\r", end="", file=sys.stderr, flush=True)


@contextmanager
def usage() -> Iterator[None]:
    """Within this, what the user got wrong is wrong usage of the command line."""
    try:
        yield
    except UserError as error:
        raise UsageError(str(error)) from error
