"""acutance evaluate: measures methods by the protocols of the papers; see training.commands."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli.console import DONE, UsageError, print_json, tell


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance evaluate`."""
    from training.commands import add_evaluate_arguments

    add_evaluate_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Measure, and print the table."""
    check(options)
    data, table = _benchmark(options) if options.benchmark is not None else _protocol(options)
    if options.json:
        print_json(data)
    else:
        tell(table)
    return DONE


def check(options: argparse.Namespace) -> None:
    """Raise UsageError for options that do not go together."""
    if options.sharp is not None and options.blurred is None and options.kernels is None:
        raise UsageError("say where the blurred pictures are (--blurred) or which kernels to blur with (--kernels)")
    if options.benchmark is None:
        if options.data is not None or options.sheet is not None or options.half != "all":
            raise UsageError("--data, --half and --sheet go with --benchmark")
        return
    if options.data is None:
        raise UsageError("say where the benchmark's pictures are (--data)")
    if options.blurred is not None or options.kernels is not None or options.into_cards is not None:
        raise UsageError("a benchmark has its own blurred pictures, and goes into no cards")


def _benchmark(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from training.evaluation.benchmarks.command import benchmarked
    from training.evaluation.benchmarks.report import as_json, as_markdown

    done = benchmarked(options)
    return as_json(done), as_markdown(done)


def _protocol(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from training.commands import evaluation
    from training.evaluation.report import as_json, as_markdown

    done = evaluation(options)
    return as_json(done), as_markdown(done)
