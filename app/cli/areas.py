"""The options of blur areas, and what is told of them."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.cli.console import UsageError, show_progress
from engine.areas.area import Area
from engine.engine import Engine
from engine.errors import UserError
from engine.kernels.files import load_kernel
from engine.photos.photo import Photo
from engine.request import Request
from engine.result import Result

MOST = 12  # areas that are suggested


def add_areas(parser: argparse.ArgumentParser) -> None:
    """Add --area and --suggest-areas."""
    parser.add_argument(
        "--area",
        dest="areas",
        action="append",
        type=area_of,
        metavar="LEFT,TOP,RIGHT,BOTTOM[=KERNEL]",
        help="a blur area in px: the kernel is found in it, or read from the file KERNEL. With several each place "
        "is restored by its own blur. Can be given several times",
    )
    parser.add_argument(
        "--suggest-areas",
        dest="suggested",
        type=_count,
        default=0,
        metavar="N",
        help="find up to N areas that tell most about the blur and differ, and restore by them",
    )


def area_of(text: str) -> Area:
    """Return the area that an option describes; raise UserError for a file that holds no kernel."""
    numbers, named, file = text.partition("=")
    try:
        left, top, right, bottom = map(float, numbers.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{numbers!r} is not LEFT,TOP,RIGHT,BOTTOM in px") from None
    if named and not file:
        raise argparse.ArgumentTypeError(f"{text!r} names no file after the =")
    try:
        made = Area((left, top, right, bottom))
    except UserError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return replace(made, kernel=load_kernel(Path(file)), given=True) if file else made


def check_areas(options: argparse.Namespace) -> None:
    """Raise UsageError if areas are asked for beside something that they take the place of."""
    if not (options.areas or options.suggested):
        return
    if options.kernel is not None or options.method != "auto":
        raise UsageError("Areas take the place of a method: give areas, or --method or --kernel, not both.")
    if options.region not in ("auto", "whole"):
        raise UsageError(f"Areas restore the whole photo: they cannot go with --region {options.region}.")


def with_suggestions(engine: Engine, request: Request, photo: Photo, count: int) -> Request:
    """Return the request with up to `count` suggested areas; raise UserError if there is nothing to suggest."""
    if not count:
        return request
    taken = tuple(area.box for area in request.areas)
    found = engine.wait(engine.suggest_areas(photo, count, taken, on_progress=show_progress))
    if not found and not taken:
        raise UserError("The photo holds too few edges to suggest areas.")
    return replace(request, areas=request.areas + found)


def described_areas(result: Result) -> list[dict[str, Any]]:
    """Return the JSON fields of the areas that a photo was restored by."""
    return [
        {
            "box": list(area.box),
            "kernel_size": None if area.kernel is None else list(area.kernel.values.shape[::-1]),
            "given": area.given,
        }
        for area in result.areas
    ]


def told_areas(result: Result) -> list[str]:
    """Return a line for each area that a photo was restored by."""
    lines = []
    for number, area in enumerate(result.areas, start=1):
        box = ",".join(f"{side:g}" for side in area.box)
        size = "no kernel" if area.kernel is None else "kernel of {1} x {0} px".format(*area.kernel.values.shape)
        lines.append(f"area {number} at {box}: {size}")
    return lines


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {MOST}")
    return int(text)
