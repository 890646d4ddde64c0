"""acutance edit FILE...: the external editor that other programs start; results go back into the files themselves."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import Any

from app.cli.asking import add_preset, add_restoring, described, request_of
from app.cli.console import UsageError, say, show_progress
from app.cli.one_by_one import one_by_one
from app.handover import Handover, check_whole
from app.one_photo import restored
from engine.engine import Engine
from engine.errors import UserError
from engine.photos.photo import Photo
from engine.request import Request
from engine.result import Result


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance edit`."""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="photos to restore; their results replace them"
    )
    parser.add_argument("--headless", action="store_true", help="open no window: restore, write back and end")
    add_preset(parser)
    add_restoring(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON document; only with --headless")


def run(options: argparse.Namespace) -> int:
    """Restore the photos in the window or, with --headless, without one; nothing else in the files changes."""
    if options.json and not options.headless:
        raise UsageError("--json needs --headless.")
    request = request_of(options)
    if options.headless:
        return _without_window(options, request)
    from app.window.editing import edit_in_window

    with Handover(options.files) as handover:
        return edit_in_window(handover, request)


def _without_window(options: argparse.Namespace, request: Request) -> int:
    with Engine() as engine:
        return one_by_one(options.files, partial(_edit, engine, request), options.json, (UserError, OSError))


def _edit(engine: Engine, request: Request, path: Path) -> dict[str, Any]:
    """Restore one photo in place and return its JSON fields; a photo that does not get sharper stays as it is."""
    with Handover([path]) as handover:
        for failure in handover.failures:
            raise failure
        (original,) = handover.originals.values()

        def restore(request: Request, photo: Photo) -> Result:
            check_whole(photo, original)
            return engine.run(request, photo, on_progress=show_progress)

        photo, result, made = restored(original, request, restore)
        if made is not photo:
            handover.write_back(made, original)
    say(f"{path}: {'kept as it was' if made is photo else f'restored by {result.method}'}")
    for note in result.notes:
        say(f"  {note}")
    return {**described(photo, result), "changed": made is not photo, "strength": request.strength}
