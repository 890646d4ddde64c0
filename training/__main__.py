"""`python -m training train RECIPE ...`, `ablate`, `speed`: on a machine with torch but neither Qt nor the rest."""

from __future__ import annotations

import argparse
import logging
import sys

import torch

from engine.errors import UserError
from training.commands import ablation, add_ablate_arguments, add_train_arguments, train
from training.publishing import device_name
from training.speed import speeds, table

log = logging.getLogger("training")


def main(argv: list[str] | None = None) -> int:
    """Parse the arguments, run, report in a line."""
    arguments = command_line(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    try:
        if arguments.command == "speed":
            measure_speed(torch.device(arguments.device), arguments.seconds)
        elif arguments.command == "ablate":
            table_of_variants, complete = ablation(arguments)
            log.info("%s\n%s", "complete" if complete else "to be gone on with", table_of_variants)
        else:
            outcome = train(arguments)
            log.info("finished: %s, %s", outcome.finished, outcome.new)
    except UserError as error:
        log.error("%s", error)
        return 1
    return 0


def command_line(argv: list[str] | None = None) -> argparse.Namespace:
    """Return what the command line says; exit with its help where it makes no sense."""
    parser = argparse.ArgumentParser(prog="python -m training")
    commands = parser.add_subparsers(dest="command", required=True)
    add_train_arguments(commands.add_parser("train"))
    add_ablate_arguments(commands.add_parser("ablate", help="an option of a recipe in all its variants, as a table"))
    speed = commands.add_parser("speed", help="milliseconds of every network at its paper's size")
    speed.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    speed.add_argument("--seconds", type=float, default=3.0, help="to measure each for (default: 3)")
    return parser.parse_args(argv)


def measure_speed(device: torch.device, seconds: float) -> None:
    """Log the table, eager and (on a GPU) compiled."""
    ways = (False, True) if device.type == "cuda" else (False,)
    found = [speed for compiled in ways for speed in speeds(device, compiled, seconds)]
    log.info("on %s\n%s", device_name(device), table(found))


if __name__ == "__main__":
    sys.exit(main())
