"""`python -m training.finish make` and `learn`: material from lessons of the judge, and the finish from material."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from engine.errors import UserError
from training.arguments import positive
from training.finish.learning import Plan, learn
from training.finish.material import KNOWN_KERNELS, Material, loaded, of_lessons, of_others, saved
from training.kernel_judge.__main__ import network
from training.kernel_judge.lessons import loaded as lessons_of
from training.sources import sources

log = logging.getLogger("training")


def main(argv: list[str] | None = None) -> int:
    """Parse the arguments, run, and log the result."""
    arguments = command_line(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    try:
        if arguments.command == "make":
            name = f"{'others' if arguments.photos else 'own'}-{arguments.seed}"
            saved(arguments.output, _material(arguments), name, lambda count: log.info("%d pictures", count))
        else:
            plan = Plan(arguments.minutes, arguments.seed, arguments.peak, arguments.start)
            log.info("written: %s", learn(loaded(arguments.material), plan, arguments.output))
    except UserError as error:
        log.error("%s", error)
        return 1
    return 0


def _material(arguments: argparse.Namespace) -> Iterator[Material]:
    lessons, end = lessons_of(arguments.lessons), time.monotonic() + 60 * arguments.minutes
    if not arguments.photos:
        return of_lessons(lessons, network())
    photos = [list(sources([path])) for path in arguments.photos]
    if not all(photos):
        raise UserError("There are no pictures to learn from.")
    return _until(end, of_others(lessons, photos, network(), arguments.seed, arguments.known_kernels))


def _until(end: float, material: Iterator[Material]) -> Iterator[Material]:
    for each in material:
        yield each
        if time.monotonic() > end:
            return


def command_line(argv: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line; exit with its help if it makes no sense."""
    parser = argparse.ArgumentParser(prog="python -m training.finish")
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("make", help="make material of the lessons' own pictures, or of others")
    make.add_argument("lessons", type=Path, help="folder of lessons of training.kernel_judge")
    make.add_argument("--photos", type=Path, action="append", help="folder, zip or list of other photos")
    make.add_argument("--minutes", type=positive(float), default=30.0, help="how long to make it of others")
    make.add_argument("--seed", type=int, default=0, help="another for each process (default: 0)")
    make.add_argument("--known-kernels", type=float, default=KNOWN_KERNELS, help="share by true kernels")
    make.add_argument("-o", "--output", type=Path, required=True, help="folder for the material")
    learned = commands.add_parser("learn", help="teach the finish, and tell what it gains in unseen pictures")
    learned.add_argument("material", type=Path, help="folder of material")
    learned.add_argument("--minutes", type=positive(float), default=60.0, help="how long to learn (default: 60)")
    learned.add_argument("--seed", type=int, default=0, help="of what is drawn")
    learned.add_argument("--peak", type=positive(float), default=1.0, help="factor on the learning rate")
    learned.add_argument("--from", dest="start", type=Path, help="folder of weights to go on from")
    learned.add_argument("-o", "--output", type=Path, required=True, help="folder for the weights and their card")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
