"""`python -m training.triage draw`, `learn`, `make` and `judge`: lessons, forests, a folder of photos, confusions."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from training.arguments import positive
from training.programs import exit_code
from training.triage.folder import make
from training.triage.gains import Restoring
from training.triage.judging import goals, judged, table
from training.triage.learning import learned
from training.triage.lessons import BOTH, JUDGE, TEACH, drawn, loaded, saved
from training.triage.publishing import figures_of, publish

log = logging.getLogger("training")


def main(argv: list[str] | None = None) -> int:
    """Parse the arguments, run, and log the result."""
    return exit_code(_run, command_line(argv))


def _run(arguments: argparse.Namespace) -> None:
    if arguments.command == "draw":
        log.info("%d lessons", _draw(arguments))
    elif arguments.command == "learn":
        taught = loaded(arguments.lessons)
        judge, held = learned(taught)
        log.info("%d lessons: %s", len(taught), figures_of(judge, held))
        log.info("written: %s", publish(arguments.output, judge, taught, held))
    elif arguments.command == "make":
        size = (arguments.megapixels[0], arguments.megapixels[1])
        made = make(arguments.photos, arguments.half, arguments.count, size, arguments.output, arguments.seed)
        log.info("%d photos", sum(1 for _ in made))
    else:
        found = judged(arguments.folder)
        log.info("\n%s\n\n%s", table(found), goals(found))


def _draw(arguments: argparse.Namespace) -> int:
    """Draw lessons as asked; return how many."""
    what = arguments.photos, arguments.minutes, arguments.seed, arguments.half
    if not arguments.restoring:
        return saved(arguments.output, drawn(*what), f"seed-{arguments.seed}")
    with Restoring() as restoring:
        return saved(arguments.output, drawn(*what, restoring.won), f"restored-{arguments.seed}", every=1)


def command_line(argv: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line; exit with its help if it makes no sense."""
    parser = argparse.ArgumentParser(prog="python -m training.triage")
    commands = parser.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("draw", help="spoil sharp pictures of the half that teaches, and keep what is told")
    _add_photos(draw)
    draw.add_argument(
        "--restoring", action="store_true", help="as many photos of each kind, and what Automatic wins: slow"
    )
    draw.add_argument("--half", choices=(TEACH, JUDGE, BOTH), default=TEACH, help="of the pictures (default: teach)")
    draw.add_argument("--minutes", type=positive(float), default=30.0, help="how long to draw (default: 30)")
    draw.add_argument("-o", "--output", type=Path, required=True, help="folder for the lessons")
    learn = commands.add_parser("learn", help="teach the diagnosis, set its limits, and tell how it errs")
    learn.add_argument("lessons", type=Path, help="folder of lessons; load none that others made")
    learn.add_argument("-o", "--output", type=Path, required=True, help="folder for the weights and their card")
    making = commands.add_parser("make", help="write a folder of photos of each kind, with a table of their truth")
    _add_photos(making)
    making.add_argument("--half", choices=(TEACH, JUDGE), default=JUDGE, help="of the pictures (default: judge)")
    making.add_argument(
        "--count", type=positive(int), default=300, help="photos, as many of each kind (default: 300)"
    )
    making.add_argument(
        "--megapixels", type=positive(float), nargs=2, default=[4.0, 24.0], metavar=("LEAST", "MOST"),
        help="size of the photos (default: 4 24)",
    )  # fmt: skip
    making.add_argument("-o", "--output", type=Path, required=True, help="folder for the photos")
    judging = commands.add_parser("judge", help="diagnose the photos of such a folder, and tell the confusions")
    judging.add_argument("folder", type=Path, help="folder that `make` made")
    return parser.parse_args(argv)


def _add_photos(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--photos", type=Path, action="append", required=True, help="folder, zip or list of photos")
    parser.add_argument("--seed", type=int, default=0, help="another draws others (default: 0)")


if __name__ == "__main__":
    sys.exit(main())
