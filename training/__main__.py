"""`python -m training train RECIPE ...`: on a machine that has torch but neither Qt nor the rest."""

from __future__ import annotations

import argparse
import logging
import sys

from engine.errors import UserError
from training.commands import add_train_arguments, train


def main(argv: list[str] | None = None) -> int:
    """Parse the arguments, run, report in a line."""
    parser = argparse.ArgumentParser(prog="python -m training")
    add_train_arguments(parser.add_subparsers(dest="command", required=True).add_parser("train"))
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    try:
        outcome = train(arguments)
    except UserError as error:
        logging.getLogger(__name__).error("%s", error)
        return 1
    logging.getLogger(__name__).info("finished: %s, %s", outcome.finished, outcome.new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
