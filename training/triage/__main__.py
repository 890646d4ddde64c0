"""`python -m training.triage draw`, `learn`, `make`, `judge`: lessons, forests, a folder of photos, confusions."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.diagnosis.judging import judge
from engine.errors import UserError
from training.arguments import positive
from training.programs import exit_code
from training.triage.expecting import taught_gains
from training.triage.folder import make
from training.triage.gains import Restoring, of_material
from training.triage.judging import gains_told, goals, judged, table
from training.triage.learning import learned
from training.triage.lessons import BOTH, JUDGE, TEACH, Lesson, drawn, loaded, saved
from training.triage.publishing import figures_of, figures_of_gains, publish

log = logging.getLogger("training")


def main(argv: list[str] | None = None) -> int:
    """Parse the arguments, run, and log the result."""
    return exit_code(_run, command_line(argv))


def _run(arguments: argparse.Namespace) -> None:
    if arguments.command == "draw":
        log.info("%d lessons", _draw(arguments))
    elif arguments.command == "learn":
        _learn(loaded(arguments.lessons), loaded(arguments.gains), arguments.output)
    elif arguments.command == "learn-gain":
        _learn(None, loaded(arguments.gains), arguments.output)
    elif arguments.command == "judge-gain":
        log.info("%s", gains_told(loaded(arguments.gains)))
    elif arguments.command == "make":
        size = (arguments.megapixels[0], arguments.megapixels[1])
        made = make(arguments.photos, arguments.half, arguments.count, size, arguments.output, arguments.seed)
        log.info("%d photos", sum(1 for _ in made))
    else:
        found = judged(arguments.folder)
        log.info("\n%s\n\n%s", table(found), goals(found))


def _draw(arguments: argparse.Namespace) -> int:
    """Draw lessons as asked; return how many."""
    folder, seed = arguments.output, arguments.seed
    if arguments.material:
        return saved(folder, of_material(arguments.material, arguments.minutes, seed), f"material-{seed}")
    if not arguments.photos:
        raise UserError("Say where the photos are: --photos.")
    what = arguments.photos, arguments.minutes, seed, arguments.half
    if not arguments.restoring:
        return saved(folder, drawn(*what), f"seed-{seed}")
    with Restoring() as restoring:
        return saved(folder, drawn(*what, restoring.won), f"restored-{seed}", every=1)


def _learn(lessons: Sequence[Lesson] | None, gains: Sequence[Lesson], folder: Path) -> None:
    """Teach the forests, those of kinds only if there are lessons about them, and write them."""
    if lessons is None:
        kinds, known = None, judge()
    else:
        known, held = learned(lessons)
        kinds = lessons, held
        log.info("%d lessons: %s", len(lessons), figures_of(known, held))
    whole, expected = taught_gains(known, gains)
    log.info("%d lessons about the gain: %s", len(gains), figures_of_gains(whole, expected))
    log.info("written: %s", publish(folder, whole, (gains, expected), kinds))


def command_line(argv: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line; exit with its help if it makes no sense."""
    parser = argparse.ArgumentParser(prog="python -m training.triage")
    commands = parser.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("draw", help="spoil sharp pictures of the half that teaches, and keep what is told")
    _add_photos(draw, required=False)
    draw.add_argument("--material", type=Path, help="folder of material of training.finish: what the finish wins")
    draw.add_argument(
        "--restoring", action="store_true", help="as many photos of each kind, and what Automatic wins: slow"
    )
    draw.add_argument("--half", choices=(TEACH, JUDGE, BOTH), default=TEACH, help="of the pictures (default: teach)")
    draw.add_argument("--minutes", type=positive(float), default=30.0, help="how long to draw (default: 30)")
    draw.add_argument("-o", "--output", type=Path, required=True, help="folder for the lessons")
    learn = commands.add_parser("learn", help="teach the diagnosis, set its limits, and tell how it errs")
    learn.add_argument("lessons", type=Path, help="folder of lessons; load none that others made")
    gain = commands.add_parser("learn-gain", help="teach what restoring wins alone; what else is known stays")
    judging_gain = commands.add_parser("judge-gain", help="tell how far the expected gain goes with the real one")
    for each in (learn, gain, judging_gain):
        each.add_argument("gains", type=Path, help="folder of lessons that know what restoring wins")
    for each in (learn, gain):
        each.add_argument("-o", "--output", type=Path, required=True, help="folder for the weights and their card")
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


def _add_photos(parser: argparse.ArgumentParser, required: bool = True) -> None:
    parser.add_argument(
        "--photos", type=Path, action="append", required=required, help="folder, zip or list of photos"
    )
    parser.add_argument("--seed", type=int, default=0, help="another draws others (default: 0)")


if __name__ == "__main__":
    sys.exit(main())
