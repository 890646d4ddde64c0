"""The arguments that describe a restoration, and the request made from them."""

from __future__ import annotations

import argparse
import dataclasses
from math import isfinite
from typing import Any

from app.cli.console import UsageError, usage
from app.presets import load_preset
from engine.choices import Choices, names_of
from engine.errors import UserError
from engine.explanation import WithExplanation
from engine.kernels.files import load_kernel
from engine.masks.files import read_values
from engine.networks.registry import method as registered
from engine.option_fields import add_options, options_of
from engine.photos.photo import Photo
from engine.place import Place
from engine.request import Request
from engine.result import Result
from engine.weights import find_weights


def add_restoring(parser: argparse.ArgumentParser) -> None:
    """Add all options for how a photo is restored, and where."""
    add_options(parser, Choices, options_of(Choices))
    add_options(parser, Place, options_of(Place))


def add_preset(parser: argparse.ArgumentParser) -> None:
    """Add --preset."""
    parser.add_argument(
        "--preset",
        metavar="NAME",
        help="a saved preset, or a preset file, in place of the options for how to restore",
    )


def _quality(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 100")
    return int(text)


def add_saving(parser: argparse.ArgumentParser) -> None:
    """Add --overwrite, --quality and --no-gps."""
    parser.add_argument("--overwrite", action="store_true", help="replace existing files")
    quality = "quality of JPEG, WebP and AVIF; 100 is lossless for the last two (default: as in the photo)"
    parser.add_argument("--quality", type=_quality, metavar="1..100", help=quality)
    parser.add_argument("--no-gps", dest="gps", action="store_false", help="do not save where the photo was taken")


def request_of(options: argparse.Namespace) -> Request:
    """Return the request that the options describe, without a photo; raise UsageError for an impossible one.

    A preset, where one is named, takes the place of all choices but the mask, and says nothing of the place.
    """
    if getattr(options, "preset", None):
        choices = dataclasses.replace(load_preset(options.preset), mask=getattr(options, "mask", None))
        with usage():
            return checked(Request.of(choices, Place(**_given(options, Place))))
    asked = _given(options, Request)
    if "areas" in asked:
        asked["areas"] = tuple(asked["areas"] or ())
    with usage():
        if asked.get("method", "auto") != "auto":
            registered(asked["method"])
            if asked.get("kernel") is not None:
                raise UsageError("A kernel takes the place of a method: give --kernel or --method, not both.")
        request = Request(**asked)
    return checked(request)


def _given(options: argparse.Namespace, kind: type) -> dict[str, Any]:
    """Return the fields of a dataclass that the options hold; the photo and its faces are asked for elsewhere."""
    names = (name for name in names_of(kind) if name not in ("photo", "faces"))
    return {name: getattr(options, name) for name in names if hasattr(options, name)}


def checked(request: Request) -> Request:
    """Return the request; raise UserError if its files or its weights are missing, once and not for every photo."""
    if request.mask is not None:
        read_values(request.mask)
    if request.kernel is not None:
        load_kernel(request.kernel)
    elif request.method != "auto" and find_weights(request.method) is None:
        raise UserError("No weights {id} are installed; `acutance methods` lists those that are.", id=request.method)
    return request


def described(photo: Photo, result: Result) -> dict[str, Any]:
    """Return the JSON fields of a result."""
    return {
        "photo": str(photo.path),
        "width": photo.size[0],
        "height": photo.size[1],
        "method": result.method,
        "device": result.device,
        "seconds": {step: round(time, 3) for step, time in result.seconds.items()},
        "kernel_size": None if result.kernel is None else list(result.kernel.values.shape[::-1]),
        **trusted(result),
        "faces": [{"box": list(f.face.box), **trusted(f)} for f in result.faces],
        "notes": list(result.notes),
    }


def trusted(part: WithExplanation) -> dict[str, Any]:
    """Return the JSON fields on how well a result (of a photo or a face) explains the photo."""
    return {"residual": finite(part.residual), "verdict": part.verdict}


def finite(value: float | None) -> float | None:
    """Return the value, or None if JSON has no number for it."""
    return value if value is not None and isfinite(value) else None
