"""`python -m training.kernel_judge draw` and `learn`: lessons from sharp pictures, and the judge from lessons."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from engine.errors import UserError
from engine.kernels.shaken import Network
from engine.request import Request
from engine.restoration.automatic import COMPARED
from engine.restoration.loaded import Loaded
from engine.restoration.watch import Watch
from training.arguments import positive
from training.kernel_judge.completed import completed
from training.kernel_judge.learning import judged, learned
from training.kernel_judge.lessons import TEXT, WIDE, drawn, loaded, of_benchmark, saved, told_anew
from training.kernel_judge.publishing import publish
from training.programs import exit_code

log = logging.getLogger("training")


def main(argv: list[str] | None = None) -> int:
    """Parse the arguments, run, and log the result."""
    return exit_code(_run, command_line(argv))


def _run(arguments: argparse.Namespace) -> None:
    if arguments.command == "draw":
        shares = arguments.wide, arguments.text
        lessons = drawn(arguments.photos, network(), arguments.minutes, arguments.seed, *shares)
        saved(arguments.output, lessons, f"seed-{arguments.seed}", lambda count: log.info("%d lessons", count))
    elif arguments.command == "benchmark":
        lessons = of_benchmark(arguments.name, arguments.data, network())
        saved(arguments.output, lessons, arguments.name, lambda count: log.info("%d lessons", count))
    elif arguments.command == "again":
        compared_with = network()
        lessons = (told_anew(each, compared_with) for each in loaded(arguments.lessons))
        saved(arguments.output, lessons, "again", lambda count: log.info("%d lessons", count))
    elif arguments.command == "complete":
        lessons = completed(loaded(arguments.lessons), network())
        saved(arguments.output, lessons, "completed", lambda count: log.info("%d lessons", count))
    else:
        lessons_ = loaded(arguments.lessons)
        figures = judged(lessons_)
        log.info("judged by a fifth of %d lessons at a time: %s", len(lessons_), figures)
        log.info("written: %s", publish(arguments.output, learned(lessons_), lessons_, figures))


def command_line(argv: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line; exit with its help if it makes no sense."""
    parser = argparse.ArgumentParser(prog="python -m training.kernel_judge")
    commands = parser.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("draw", help="spoil sharp pictures and keep what is told of the kernels found in them")
    draw.add_argument("--photos", type=Path, action="append", required=True, help="folder, zip or list of photos")
    draw.add_argument("--minutes", type=positive(float), default=30.0, help="how long to draw (default: 30)")
    draw.add_argument("--seed", type=int, default=0, help="another for each process that draws (default: 0)")
    draw.add_argument("--wide", type=float, default=WIDE, help="share of pictures that are shaken by much")
    draw.add_argument("--text", type=float, default=TEXT, help="share of those that are drawn pages of text")
    draw.add_argument("-o", "--output", type=Path, required=True, help="folder for the lessons")
    published = commands.add_parser("benchmark", help="lessons from the half of a published benchmark to tune on")
    published.add_argument("name", choices=("levin", "real"))
    published.add_argument("--data", type=Path, required=True, help="folder of the benchmark")
    published.add_argument("-o", "--output", type=Path, required=True, help="folder for the lessons")
    again = commands.add_parser("again", help="tell the figures of lessons anew, after they were changed in the code")
    again.add_argument("lessons", type=Path, help="folder of lessons, whose pictures and kernels are kept")
    again.add_argument("-o", "--output", type=Path, required=True, help="folder for the lessons")
    complete = commands.add_parser("complete", help="lessons whose pools lack the true kernel, with it added")
    complete.add_argument("lessons", type=Path, help="folder of lessons, whose pictures and kernels are kept")
    complete.add_argument("-o", "--output", type=Path, required=True, help="folder for the lessons")
    learn = commands.add_parser("learn", help="teach the judge, and tell how it chooses in unseen pictures")
    learn.add_argument("lessons", type=Path, help="folder of lessons")
    learn.add_argument("-o", "--output", type=Path, required=True, help="folder for the weights and their card")
    return parser.parse_args(argv)


def network() -> Network:
    """Return what restores H x W x 3 pixels for the judge to compare with: the shipped network."""
    found = Loaded().compared(Request(device="cpu"), Watch())
    if found is None:
        raise UserError("The weights that are compared with are missing: {id}.", id=COMPARED)
    return found


if __name__ == "__main__":
    sys.exit(main())
