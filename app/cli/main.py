"""Parses a command line, runs its sub-command, and turns errors into exit codes."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from app.cli.console import (
    DONE,
    FAILED,
    INTERRUPTED,
    WRONG_USAGE,
    ReaderGoneError,
    UsageError,
    prepare_streams,
    say,
    to_standard_output,
)
from engine.errors import Cancelled, UserError
from engine.program import own_version

COMMANDS = {
    "deblur": "make photos sharp",
    "edit": "make photos sharp in place, for a program that hands them over",
    "batch": "make all photos of a folder sharp",
    "triage": "say which photos of a folder are blurred, how, and which can be saved",
    "compare": "draw the results of all methods on one sheet",
    "faces": "find the faces of a photo",
    "kernel": "estimate the blur kernel of a photo",
    "blur": "blur a photo",
    "methods": "list the methods and their weights",
    "train": "train weights on photos of your own",
    "evaluate": "measure how good methods are, by the protocols of the papers",
    "export": "write a network as ONNX, for the neural restoration of other programs",
    "integrate": "put Acutance into darktable, GIMP and file managers, or take it out",
    "doctor": "check the installation: devices, versions, weights",
    "demo": "blur a portrait, restore it, and measure the gain",
}

logger = logging.getLogger(__name__)


def run(arguments: Sequence[str]) -> int:
    """Run a sub-command and return its exit code: 0 done, 1 some failed, 2 wrong usage, 130 cancelled."""
    try:
        prepare_streams()
        return _run(arguments)
    except (KeyboardInterrupt, Cancelled):
        say("Cancelled.")
        return INTERRUPTED
    except ReaderGoneError:
        return DONE
    except UsageError as error:
        say(str(error))
        return WRONG_USAGE
    except UserError as error:
        say(str(error))
        return FAILED


def _run(arguments: Sequence[str]) -> int:
    try:
        options = _parsed(arguments)
    except SystemExit as leaving:  # argparse has printed the reason, or help
        to_standard_output("")
        return leaving.code if isinstance(leaving.code, int) else WRONG_USAGE
    logging.basicConfig(level=logging.INFO if options.verbose else logging.ERROR, format="%(name)s: %(message)s")
    return int(options.module.run(options))


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="acutance",
        allow_abbrev=False,
        description="Makes blurred photographs sharp again, faces first. Without a command it opens the window.",
    )
    parser.add_argument("--version", action="version", version=f"acutance {own_version() or '(not installed)'}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    wanted = next((argument for argument in arguments if not argument.startswith("-")), None)
    if wanted is not None and wanted not in COMMANDS:
        raise UsageError(f"There is no file or command {_missing(arguments) or wanted!r}.")
    for name, help_ in COMMANDS.items():
        one = commands.add_parser(
            name, help=help_, description=help_[0].upper() + help_[1:] + ".", allow_abbrev=False
        )
        one.add_argument("-v", "--verbose", action="store_true", help="log each step to standard error")
        if name == wanted:  # do not import the other modules, some of which import torch
            module = _module(name)
            module.add_arguments(one)
            one.set_defaults(module=module)
    return parser.parse_args(arguments)


def _missing(arguments: Sequence[str]) -> str | None:
    """Return the first photo that does not exist: because of it, the line was taken for a command."""
    return next((word for word in arguments if not word.startswith("-") and not Path(word).exists()), None)


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"app.cli.{name}")


def leave_at_once(code: int) -> NoReturn:
    """End the process without waiting for the engine's thread, which may be busy with a large tile."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)
