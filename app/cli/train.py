"""acutance train RECIPE --photos DIR: see training.commands."""

from __future__ import annotations

import argparse

from app.cli.console import DONE, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance train`."""
    from training.commands import add_train_arguments

    add_train_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Run a training session."""
    from training.commands import train

    outcome = train(options)
    say(f"{'finished' if outcome.finished else 'to be resumed'}: {outcome.new}")
    return DONE
