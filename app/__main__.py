"""The program's entry point: it runs a sub-command, or opens the window."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (without the program's name; None for the process's own); return the exit code."""
    if getattr(sys, "frozen", False):  # in a packaged program, the engine's process starts here and does not return
        import multiprocessing

        multiprocessing.freeze_support()
    arguments = list(sys.argv[1:] if argv is None else argv)
    photos = photos_to_open(arguments)
    if photos is not None:
        return open_window(photos)
    from app.cli.main import leave_at_once, run

    if argv is None:
        _end_as_by_ctrl_c()
    code = run(arguments)
    if argv is None and code == 128 + signal.SIGINT:
        leave_at_once(code)
    return code


def _end_as_by_ctrl_c() -> None:
    """Treat SIGTERM and SIGHUP like Ctrl-C, so that incomplete files are deleted; nohup still works."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def photos_to_open(arguments: Sequence[str]) -> list[Path] | None:
    """Return the photos for the window to open; None if the arguments are a sub-command.

    Arguments count as photos only if the files exist, so that a misspelt command does not open a window.
    """
    paths = [Path(argument) for argument in arguments]
    commands = arguments and (arguments[0].startswith("-") or not all(path.exists() for path in paths))
    if commands or (arguments and _is_command(arguments[0])):
        return None
    return paths


def _is_command(word: str) -> bool:
    from app.cli.main import COMMANDS

    return word in COMMANDS


def open_window(photos: list[Path]) -> int:
    """Open the window."""
    from app.window.application import run_window

    return run_window(photos)


if __name__ == "__main__":
    sys.exit(main())
