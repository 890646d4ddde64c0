"""Arguments that ask the engine for something, and the request made of them."""

from __future__ import annotations

import argparse
import dataclasses
from math import isfinite
from pathlib import Path
from typing import Any

from app.cli.console import UsageError, usage
from engine.errors import UserError
from engine.kernels.files import load_kernel
from engine.networks.registry import method as registered
from engine.photos.photo import Photo
from engine.request import Request
from engine.result import FaceResult, Result
from engine.weights import find_weights


def add_method(parser: argparse.ArgumentParser) -> None:
    """Add --method."""
    parser.add_argument("--method", default="auto", metavar="ID", help="see `acutance methods` (default: the best)")


def add_device(parser: argparse.ArgumentParser) -> None:
    """Add --device and --tile."""
    parser.add_argument(
        "--device", default="auto", choices=["auto", "cpu", "cuda", "mps"], help="default: auto, the fastest"
    )
    parser.add_argument(
        "--tile", type=int, metavar="N", help="largest side of a tile in px (default: as memory allows)"
    )


def add_region(parser: argparse.ArgumentParser) -> None:
    """Add --region."""
    parser.add_argument(
        "--region",
        default="auto",
        choices=["auto", "faces", "whole", "aligned"],
        help="auto, the default, is the whole photo and the faces, each where the methods can; "
        "aligned: the photo is a face cut out",
    )


def add_restoring(parser: argparse.ArgumentParser) -> None:
    """Add all that says how a photo shall be restored."""
    add_method(parser)
    add_device(parser)
    add_region(parser)
    parser.add_argument(
        "--strength", type=float, default=1.0, metavar="0..1", help="0 the original, 1 the restored (default: 1)"
    )
    parser.add_argument("--high-frequencies-only", action="store_true", help="leave tones and colours as they are")
    parser.add_argument(
        "--precision",
        default="auto",
        choices=["auto", "float32", "bfloat16", "float16"],
        help="of the network's numbers; auto, the default, is the fastest that the device is good at",
    )
    parser.add_argument(
        "--backend",
        default="auto",
        choices=["auto", "pytorch", "openvino"],
        help="what computes on the CPU (default: auto)",
    )
    parser.add_argument(
        "--memory", type=_bytes, metavar="MB", help="for a photo, its result and the network (default: what there is)"
    )
    parser.add_argument(
        "--smallest-face", type=int, default=40, metavar="PX", help="leave smaller ones alone (default: 40)"
    )
    parser.add_argument("--kernel", type=Path, metavar="FILE", help="a known blur kernel, instead of a method")


def _bytes(megabytes: str) -> int:
    if not megabytes.isdecimal() or int(megabytes) < 1:
        raise argparse.ArgumentTypeError(f"{megabytes!r} is no whole number of megabytes from 1 on")
    return int(megabytes) * 1_000_000


def _quality(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to 100")
    return int(text)


def add_saving(parser: argparse.ArgumentParser) -> None:
    """Add --overwrite, --quality and --no-gps."""
    parser.add_argument("--overwrite", action="store_true", help="replace files that exist already")
    quality = "of JPEG, WebP and AVIF; at 100 the last two lose nothing; by itself as the photo was coded"
    parser.add_argument("--quality", type=_quality, metavar="1..100", help=quality)
    parser.add_argument("--no-gps", dest="gps", action="store_false", help="leave out where the photo was taken")


def request_of(options: argparse.Namespace) -> Request:
    """Return the request that the options make, without a photo; raise UsageError for one that cannot be."""
    names = (field.name for field in dataclasses.fields(Request) if field.name not in ("photo", "faces"))
    asked: dict[str, Any] = {name: getattr(options, name) for name in names if hasattr(options, name)}
    with usage():
        if asked.get("method", "auto") != "auto":
            registered(asked["method"].partition("@")[0])
            if asked.get("kernel") is not None:
                raise UsageError("A kernel takes the place of a method: give --kernel or --method, not both.")
        request = Request(**asked)
    return checked(request)


def checked(request: Request) -> Request:
    """Return a request; raise UserError where its kernel or weights fail: once, and not for each photo anew."""
    if request.kernel is not None:
        load_kernel(request.kernel)
    elif request.method != "auto" and find_weights(request.method) is None:
        raise UserError("No weights {id} are installed; `acutance methods` lists those that are.", id=request.method)
    return request


def described(photo: Photo, result: Result) -> dict[str, Any]:
    """Return what JSON output tells of a result."""
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


def trusted(part: Result | FaceResult) -> dict[str, Any]:
    """Return what JSON output tells of how well a result, or that of a face, explains the photo."""
    return {"residual": finite(part.residual), "verdict": part.verdict}


def finite(value: float | None) -> float | None:
    """Return the value, None where JSON knows no number for it."""
    return value if value is not None and isfinite(value) else None
