"""Shared by all sub-commands: exit codes, and output. JSON goes to standard output, messages to standard error."""

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
    """The command line makes no sense; exit code 2."""


class ReaderGoneError(Exception):
    """The reader of standard output has closed it; that is no failure."""


def prepare_streams() -> None:
    """Let both streams accept any text, since file names may be any bytes; a closed stream is replaced."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # else the next file that is opened, perhaps a photo, would get its number
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
    """Write the JSON document to standard output, in ASCII, since names and consoles may not be UTF-8."""
    tell(json.dumps(document, indent=2, default=str))


def to_standard_output(text: str) -> None:
    """Write at once; raise ReaderGoneError if nobody reads it, UserError if it cannot be written."""
    try:
        print(text, end="", flush=True)
    except OSError as error:
        _silence(sys.stdout)
        if isinstance(error, BrokenPipeError):
            raise ReaderGoneError from error
        raise UserError("Standard output cannot be written: {reason}.", reason=error) from error


def _to_standard_error(text: str) -> None:
    """Write at once; if nobody can read it, the work goes on."""
    try:
        print(text, end="", file=sys.stderr, flush=True)
    except OSError:
        _silence(sys.stderr)


def _silence(stream: TextIO) -> None:
    """Discard what is left for a broken stream, also when Python flushes it at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    finally:
        os.close(nowhere)


_remaining = Remaining()


def show_progress(share: float, step: str) -> None:
    """Redraw the progress line, if standard error is a terminal."""
    if sys.stderr.isatty():
        left = _remaining.seconds(share, step)
        remaining = "" if left is None else f"{duration(left)} left"
        _to_standard_error(f"\r{share:4.0%} {step:<12}{remaining:<18}")


def clear_progress() -> None:
    """Wipe the progress line."""
    if sys.stderr.isatty():
        _to_standard_error(f"\r{'':40}\r")


@contextmanager
def usage() -> Iterator[None]:
    """Turn a UserError inside the block into a UsageError."""
    try:
        yield
    except UserError as error:
        raise UsageError(str(error)) from error
