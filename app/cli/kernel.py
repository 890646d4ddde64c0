"""acutance kernel PHOTO [-o KERNEL.png] [--field]: estimates the blur kernel of a photo, or of each of its parts."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.cli.asking import request_of, trusted
from app.cli.console import DONE, print_json, show_progress, tell
from app.trust import trust_in
from engine.choices import Choices
from engine.engine import Engine
from engine.errors import UserError
from engine.kernels.field_files import save_field
from engine.kernels.files import check_kernel_file, save_kernel
from engine.kernels.kernel import Kernel
from engine.kernels.kernel_field import KernelField
from engine.option_fields import add_option, add_options
from engine.photos.naming import check_target
from engine.photos.reading import read_photo
from engine.place import Place
from engine.result import Result


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance kernel`."""
    parser.add_argument("photo", type=Path, metavar="PHOTO", help="the photo; it is never changed")
    parser.add_argument("-o", "--output", type=Path, metavar="KERNEL.png", help="save the kernel as .png or .npy")
    parser.add_argument(
        "--field", action="store_true", help="estimate a kernel for each part of the photo, and draw them as a grid"
    )
    add_option(parser, Choices, "method")
    add_options(parser, Place, ("device", "tile"))
    parser.add_argument("--overwrite", action="store_true", help="replace an existing file")
    parser.add_argument("--json", action="store_true", help="print one JSON document on standard output")


def run(options: argparse.Namespace) -> int:
    """Estimate the kernel, save it, and print its size and how well it explains the photo."""
    request = replace(request_of(options), photo=options.photo, field=options.field)
    if options.output:
        check_target(options.photo, options.output, options.overwrite)
        check_kernel_file(options.output)
    photo = read_photo(options.photo)
    with Engine() as engine:
        result = engine.run(request, photo, on_progress=show_progress)
    if result.kernel is None or (options.field and result.field is None):
        raise UserError(
            "{photo} is too small, or has too few edges, to estimate its blur kernel.", photo=options.photo
        )
    if options.output and options.field and result.field is not None:
        save_field(result.field, options.output)
    elif options.output:
        save_kernel(result.kernel, options.output)
    if options.json:
        print_json(_described(options, result, result.kernel))
        return DONE
    height, width = result.kernel.values.shape
    residual = "unknown" if result.residual is None else f"{result.residual:.2f}"
    tell(f"{options.photo}: kernel of {width} x {height} px by {result.method}, reblur residual {residual}")
    tell(trust_in(result.verdict).sentence)
    if result.field is not None:
        rows, columns = result.field.counts
        tell(f"{options.photo}: field of {columns} x {rows} kernels of up to {result.field.side} px")
    return DONE


def _described(options: argparse.Namespace, result: Result, kernel: Kernel) -> dict[str, Any]:
    return {
        "photo": str(options.photo),
        "method": result.method,
        **trusted(result),
        "kernel": _kernel(kernel),
        **({} if result.field is None else {"field": _field(result.field)}),
        "output": None if options.output is None else str(options.output),
        "notes": list(result.notes),
    }


def _kernel(kernel: Kernel) -> dict[str, Any]:
    height, width = kernel.values.shape
    return {"width": width, "height": height, "values": [[round(float(v), 6) for v in row] for row in kernel.values]}


def _field(field: KernelField) -> dict[str, Any]:
    """Return the kernels row by row, each with the (x, y) px in the photo where it applies."""
    cells = zip(field.positions.round(1).tolist(), field.kernels, strict=True)
    kernels = [{"centre": centre, **_kernel(kernel)} for centre, kernel in cells]
    return {"rows": field.counts[0], "columns": field.counts[1], "kernels": kernels}
