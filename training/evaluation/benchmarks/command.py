"""The benchmark part of `acutance evaluate`."""

from __future__ import annotations

import argparse
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.whole_files import write_whole
from training.evaluation.benchmarks.cases import HALVES

if TYPE_CHECKING:
    from PIL.Image import Image

    from training.evaluation.benchmarks.benchmark import Benchmarked

log = logging.getLogger(__name__)


def add_benchmark_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that belong to --benchmark."""
    parser.add_argument("--data", type=Path, help="folder of the benchmark's pictures")
    parser.add_argument(
        "--half",
        choices=(*HALVES, "all"),
        default="all",
        help="the half for tuning, the half kept for judging, or both, separately and together (default)",
    )
    parser.add_argument("--sheet", type=Path, help="write the benchmark's pictures before and after to this PNG")


def benchmarked(arguments: argparse.Namespace) -> Benchmarked:
    """Run a benchmark as the arguments say; write report and contact sheet if requested.

    Raise UserError if that is impossible. Foreseeable errors come before the computation, others after the tables are
    logged, so that no results are lost.
    """
    from training.evaluation.benchmarks.benchmark import DEFAULT, BenchmarkOptions, benchmark
    from training.evaluation.benchmarks.report import as_json, as_markdown
    from training.evaluation.benchmarks.sheet import Line, line, sheet
    from training.evaluation.report import check_place, write_files

    methods = tuple(name for name in arguments.methods.split(",") if name) or DEFAULT
    options = BenchmarkOptions(
        arguments.benchmark, arguments.data, methods, arguments.half, arguments.most, arguments.device
    )
    if arguments.report is not None:
        check_place(arguments.report, arguments.overwrite)
    if arguments.sheet is not None:
        check_sheet(arguments.sheet, arguments.overwrite)
    lines: list[Line] = []

    def on_picture(case, blurred, restored, truth, figures) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
        log.info("%s", figures)
        lines.append(line(case, blurred, restored, truth, figures))

    done = benchmark(options, on_picture)
    try:
        if arguments.report is not None:
            write_files(arguments.report, as_markdown(done), as_json(done), sheet(lines), arguments.overwrite)
        if arguments.sheet is not None:
            write_sheet(sheet(lines), arguments.sheet, arguments.overwrite)
    except UserError:
        log.error("what was found:\n%s", as_markdown(done))
        raise
    return done


def check_sheet(path: Path, overwrite: bool) -> None:
    """Raise UserError if a contact sheet cannot be written; call it before a long evaluation."""
    if path.suffix.lower() != ".png":
        raise UserError("The contact sheet {path} can be written as .png only.", path=path)
    if os.path.lexists(path) and not overwrite:
        raise UserError("{file} exists already; --overwrite would replace it.", file=path)
    if not path.parent.is_dir():
        raise UserError("The contact sheet's folder {folder} is not there.", folder=path.parent)


def write_sheet(drawn: Image, path: Path, overwrite: bool) -> None:
    """Write a contact sheet, completely or not at all; raise UserError."""
    try:
        write_whole(path, lambda file: drawn.save(file, "PNG"), overwrite=overwrite)
    except OSError as error:
        raise UserError("The contact sheet {path} cannot be written: {reason}.", path=path, reason=error) from error
