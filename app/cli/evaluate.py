"""acutance evaluate: measures methods by the protocols of the papers; see training.commands."""

from __future__ import annotations

import argparse

from app.cli.console import DONE, UsageError, print_json, tell


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance evaluate`."""
    from training.commands import add_evaluate_arguments

    add_evaluate_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Measure, and print the table."""
    from training.commands import evaluation
    from training.evaluation.report import as_json, as_markdown

    if options.sharp is not None and options.blurred is None and options.kernels is None:
        raise UsageError("say where the blurred pictures are (--blurred) or which kernels to blur with (--kernels)")
    done = evaluation(options)
    if options.json:
        print_json(as_json(done))
    else:
        tell(as_markdown(done))
    return DONE
