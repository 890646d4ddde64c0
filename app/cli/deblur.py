"""acutance deblur PHOTO... [-o FILE|DIR]: makes photos sharp, one after the other."""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from app.batch.work import make_folder
from app.cli.areas import add_areas, check_areas, described_areas, told_areas, with_suggestions
from app.cli.asking import add_restoring, add_saving, described, request_of
from app.cli.console import UsageError, say, show_progress
from app.cli.one_by_one import one_by_one
from app.one_photo import restored, saved
from engine.engine import Engine
from engine.errors import UserError
from engine.photos.naming import Identity, check_target, identities, output_path, place
from engine.photos.photo import Photo
from engine.photos.writing import photo_kind
from engine.request import Request
from engine.result import Result


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance deblur`."""
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO", help="the photos; they are never changed")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE|DIR",
        help="where the result goes (default: NAME-acutance.EXT beside the photo)",
    )
    add_restoring(parser)
    add_areas(parser)
    add_saving(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON document on standard output")


def run(options: argparse.Namespace) -> int:
    """Restore every photo; name those that fail, and go on with the others."""
    check_areas(options)
    request = request_of(options)
    target = _target(options.output, len(options.photos))
    originals = identities([*options.photos, *filter(None, [request.kernel, request.mask])])
    how = options.overwrite, options.quality, options.gps, originals, options.suggested
    made: set[str] = set()

    def restore(path: Path) -> dict[str, Any]:
        saved = output_path(path, target)
        if place(saved) in made:
            raise UserError("{target} is the result of another photo of this call.", target=saved)
        report = deblur(engine, request, path, saved, *how)
        made.add(place(saved))
        say(f"{path} -> {saved}")
        for note in (*report.pop("told"), *report["notes"]):
            say(f"  {note}")
        return report

    with Engine() as engine:
        return one_by_one(options.photos, restore, options.json)


def deblur(
    engine: Engine,
    request: Request,
    path: Path,
    target: Path,
    overwrite: bool = False,
    quality: int | None = None,
    gps: bool = True,
    originals: Collection[Identity] = (),
    suggested: int = 0,
) -> dict[str, Any]:
    """Restore one photo into `target` and return its JSON fields; raise UserError if that fails.

    suggested: so many areas are looked for first. The field `told` holds lines for the user.
    """
    check_target(path, target, overwrite, originals)
    photo_kind(target)

    def restore(request: Request, photo: Photo) -> Result:
        request = with_suggestions(engine, request, photo, suggested)
        return engine.run(request, photo, on_progress=show_progress)

    done = restored(path, request, restore)
    result = saved(done, target, overwrite, quality, gps)
    areas = {"areas": described_areas(result)} if result.areas else {}
    described_here = {**described(done.photo, result), **areas, "output": str(target), "strength": request.strength}
    return {**described_here, "told": told_areas(result)}


def _target(output: str | None, photos: int) -> Path | str | None:
    """Return where results go: a folder, made if needed, for several photos or a path that ends in /; else a file."""
    if output is None:
        return None
    folder = photos > 1 or output.endswith(("/", os.sep))
    if folder:
        try:
            make_folder(Path(output))
        except UserError as error:
            if isinstance(error.__cause__, FileExistsError):
                raise UsageError(f"{output} is a file; several photos need a folder.") from None
            raise
    return output
