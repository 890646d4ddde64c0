"""acutance kernel PHOTO [-o KERNEL.png]: the blur kernel of a photo."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from app.cli.asking import add_device, add_method, finite, request_of
from app.cli.console import DONE, print_json, show_progress, tell
from engine.engine import Engine
from engine.errors import UserError
from engine.kernels.files import save_kernel
from engine.photos.reading import read_photo


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance kernel`."""
    parser.add_argument("photo", type=Path, metavar="PHOTO")
    parser.add_argument("-o", "--output", type=Path, metavar="KERNEL.png", help="a picture of it, or .npy")
    add_method(parser)
    add_device(parser)
    parser.add_argument("--overwrite", action="store_true", help="replace a file that exists already")
    parser.add_argument("--json", action="store_true", help="print one JSON document on standard output")


def run(options: argparse.Namespace) -> int:
    """Estimate the kernel, save it, and say how large it is and how well it explains the photo."""
    request = replace(request_of(options), photo=options.photo)
    if options.output and not options.overwrite and os.path.lexists(options.output):
        raise UserError(f"{options.output} exists already; --overwrite would replace it.")
    photo = read_photo(options.photo)
    with Engine() as engine:
        result = engine.run(request, photo, on_progress=show_progress)
    if result.kernel is None:
        raise UserError(f"{options.photo} is too small or too flat to tell its blur kernel.")
    values = result.kernel.values
    if options.output:
        save_kernel(result.kernel, options.output)
    height, width = values.shape
    if options.json:
        kernel = {"width": width, "height": height, "values": [[round(float(v), 6) for v in row] for row in values]}
        output = None if options.output is None else str(options.output)
        document = {"photo": str(options.photo), "method": result.method, "residual": finite(result.residual)}
        print_json({**document, "kernel": kernel, "output": output, "notes": list(result.notes)})
    else:
        residual = "unknown" if result.residual is None else f"{result.residual:.2f}"
        tell(f"{options.photo}: kernel of {width} x {height} px by {result.method}, reblur residual {residual}")
    return DONE
