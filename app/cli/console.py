"""What sub-commands share: exit codes, one JSON document on standard output, all else on standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from app.remaining import Remaining, duration
from engine.errors import UserError

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


class UsageError(UserError):
    """The command line asks for what cannot be; exit code 2."""


class ReaderGoneError(Exception):
    """Whoever read standard output has had enough; that is no failure."""


def prepare_streams() -> None:
    """Let both streams take every text: names of files need not be any; and one may be closed from the start."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # its number would go to the next file that is opened, a photo perhaps
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Write a line to standard error."""
    clear_progress()
    _to_standard_error(f"{text}\n")


def tell(text: str) -> None:
    """Write a line to standard output."""
    clear_progress()
    to_standard_output(f"{text}\n")


def print_json(document: Any) -> None:
    """Write the one JSON document to standard output, in ASCII: names need not be UTF-8, nor is every console."""
    tell(json.dumps(document, indent=2, default=str))


def to_standard_output(text: str) -> None:
    """Write at once; raise ReaderGoneError where nobody reads it, UserError where it cannot be written."""
    try:
        print(text, end="", flush=True)
    except OSError as error:
        _silence(sys.stdout)
        if isinstance(error, BrokenPipeError):
            raise ReaderGoneError from error
        raise UserError("Standard output cannot be written: {reason}.", reason=error) from error


def _to_standard_error(text: str) -> None:
    """Write at once; what nobody reads, or can read, must not end the work."""
    try:
        print(text, end="", file=sys.stderr, flush=True)
    except OSError:
        _silence(sys.stderr)


def _silence(stream: TextIO) -> None:
    """What is left for a stream that cannot be written goes nowhere, also when Python flushes it at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    finally:
        os.close(nowhere)


_remaining = Remaining()


def show_progress(share: float, step: str) -> None:
    """Redraw the line that moves, where standard error is a terminal."""
    if sys.stderr.isatty():
        left = _remaining.seconds(share, step)
        told = "" if left is None else f"{duration(left)} left"
        _to_standard_error(f"\r{share:4.0%} {step:<12}{told:<18}")


def clear_progress() -> None:
    """Wipe the line that moves."""
    if sys.stderr.isatty():
        _to_standard_error(f"\r{'':40}\r")


@contextmanager
def usage() -> Iterator[None]:
    """Within this, what the user got wrong is wrong usage of the command line."""
    try:
        yield
    except UserError as error:
        raise UsageError(str(error)) from error
