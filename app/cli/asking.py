"""The arguments that describe a restoration, and the request made from them."""

from __future__ import annotations

import argparse
import dataclasses
from math import isfinite
from pathlib import Path
from typing import Any, get_args

from app.cli.console import UsageError, usage
from app.presets import load_preset
from engine.choices import Choices, RegionChoice, names_of
from engine.errors import UserError
from engine.explanation import Explained
from engine.kernels.files import load_kernel
from engine.masks.files import read_values
from engine.networks.registry import method as registered
from engine.photos.photo import Photo
from engine.place import BackendChoice, DeviceChoice, Place, PrecisionChoice
from engine.request import Request
from engine.result import Result
from engine.weights import find_weights


def add_method(parser: argparse.ArgumentParser) -> None:
    """Add --method."""
    parser.add_argument(
        "--method",
        default=Choices.method,
        metavar="ID",
        help="a method of `acutance methods` (default: auto, the best for the photo)",
    )


def add_device(parser: argparse.ArgumentParser) -> None:
    """Add --device and --tile."""
    parser.add_argument(
        "--device",
        default=Place.device,
        choices=get_args(DeviceChoice),
        help="where to compute (default: auto, the fastest)",
    )
    parser.add_argument(
        "--tile", type=int, metavar="N", help="largest side of a tile in px (default: as large as memory allows)"
    )


def add_best_quality(parser: argparse.ArgumentParser) -> None:
    """Add --best-quality."""
    parser.add_argument(
        "--best-quality",
        action="store_true",
        help="restore the photo mirrored and turned too, and take the mean: the best that a network can give, up to "
        "eight times slower",
    )


def add_region(parser: argparse.ArgumentParser) -> None:
    """Add --region."""
    parser.add_argument(
        "--region",
        default=Choices.region,
        choices=get_args(RegionChoice),
        help="what to restore; auto (the default) restores the whole photo and the faces, as far as the method can; "
        "aligned means that the photo is a cut-out face",
    )


def _add_look(parser: argparse.ArgumentParser) -> None:
    """Add the options for how the result looks."""
    parser.add_argument(
        "--strength",
        type=float,
        default=Choices.strength,
        metavar="0..1",
        help="0 is the original, 1 the result (default: 1)",
    )
    parser.add_argument(
        "--grain",
        type=float,
        default=Choices.grain,
        metavar="0..1",
        help="how much of grain and ringing is held down in plain areas such as skies and walls; 0 leaves all as it "
        f"was restored (default: {Choices.grain:g})",
    )
    parser.add_argument(
        "--finish",
        action="store_true",
        help="refine the kernel of --kernel or of a method that gives one, and fuse what it restores with the result "
        "of a network; auto does so anyway",
    )
    add_best_quality(parser)
    parser.add_argument(
        "--high-frequencies-only", action="store_true", help="keep tones and colours exactly as they are"
    )


def add_restoring(parser: argparse.ArgumentParser) -> None:
    """Add all options for how a photo is restored."""
    add_method(parser)
    add_device(parser)
    add_region(parser)
    _add_look(parser)
    parser.add_argument(
        "--precision",
        default=Place.precision,
        choices=get_args(PrecisionChoice),
        help="number format of the network (default: auto, the fastest that is safe on the device)",
    )
    parser.add_argument(
        "--backend",
        default=Place.backend,
        choices=get_args(BackendChoice),
        help="library that computes on the CPU (default: auto, the faster one)",
    )
    parser.add_argument(
        "--memory",
        type=_bytes,
        metavar="MB",
        help="budget for a photo, its result and the network together (default: all that is free)",
    )
    parser.add_argument(
        "--smallest-face",
        type=int,
        default=Choices.smallest_face,
        metavar="PX",
        help=f"ignore smaller faces (default: {Choices.smallest_face})",
    )
    parser.add_argument(
        "--kernel", type=Path, metavar="FILE", help="undo this known blur kernel, instead of using a method"
    )
    parser.add_argument(
        "--mask",
        type=Path,
        metavar="FILE",
        help="a greyscale picture of the photo's shape: white is restored, black stays as it is, grey lies between",
    )


def add_preset(parser: argparse.ArgumentParser) -> None:
    """Add --preset."""
    parser.add_argument(
        "--preset",
        metavar="NAME",
        help="a saved preset, or a preset file, in place of the options for how to restore",
    )


def _bytes(megabytes: str) -> int:
    if not megabytes.isdecimal() or int(megabytes) < 1:
        raise argparse.ArgumentTypeError(f"{megabytes!r} is not a whole number of megabytes of at least 1")
    return int(megabytes) * 1_000_000


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
            registered(asked["method"].partition("@")[0])
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


def trusted(part: Explained) -> dict[str, Any]:
    """Return the JSON fields on how well a result (of a photo or a face) explains the photo."""
    return {"residual": finite(part.residual), "verdict": part.verdict}


def finite(value: float | None) -> float | None:
    """Return the value, or None if JSON has no number for it."""
    return value if value is not None and isfinite(value) else None
