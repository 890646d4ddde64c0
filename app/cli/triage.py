"""acutance triage FOLDER...: which photos are blurred, how, and which can be saved; nothing is restored."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from app.batch.photos import photos_in
from app.cli.console import DONE, FAILED, UsageError, print_json, say, show_progress, tell
from app.triage.bursts import in_bursts
from app.triage.cache import Cache, Forgetful
from app.triage.cluster import ClusterMeasuring
from app.triage.looking import FaceSearch, Measure, Measuring, look
from app.triage.report import SUFFIXES, as_json, write_report
from app.triage.run import Triage, processors
from app.triage.sidecars import FIELDS, marks_of, write_marks
from app.triage.triaged import Triaged, described
from engine.diagnosis.diagnosis import Advice
from engine.errors import UserError
from engine.photos.naming import check_target, identities
from engine.photos.reading import is_photo


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance triage`."""
    parser.add_argument(
        "folders", type=Path, nargs="+", metavar="FOLDER", help="folders of photos, or photos; they are never changed"
    )
    parser.add_argument("--recursive", action="store_true", help="include subfolders")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write a report as .csv, .json or .html")
    parser.add_argument("--overwrite", action="store_true", help="replace an existing report")
    parser.add_argument(
        "--write-xmp",
        action="store_true",
        help="write what was found into XMP sidecars; labels and ratings that are set already stay",
    )
    parser.add_argument(
        "--xmp-fields",
        metavar="LIST",
        help="what --write-xmp writes: label, rating, keyword, separated by commas (default: label,keyword)",
    )
    parser.add_argument("--faces", action="store_true", help="also measure how sharp the sharpest face is (slower)")
    parser.add_argument(
        "--workers", type=int, metavar="N", help="photos at a time (default: one for each processor core)"
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="address of a Dask scheduler; its workers must see the folders under the same paths",
    )
    parser.add_argument("--no-cache", action="store_true", help="look at photos again that were looked at before")
    parser.add_argument("--json", action="store_true", help="print the report on standard output")


def run(options: argparse.Namespace) -> int:
    """Diagnose the photos, tell each, and write what was asked for."""
    fields = _fields(options)
    if options.report and options.report.suffix.lower() not in SUFFIXES:
        raise UsageError(f"A report is a .csv, .json or .html file, not {options.report.name}.")
    if options.workers is not None and options.workers < 1:
        raise UsageError("--workers needs at least 1.")
    if options.workers and options.scheduler:
        raise UsageError("--workers is for this computer: a cluster has workers of its own.")
    photos = listed(options.folders, options.recursive)
    if options.report:
        check_target(photos[0], options.report, options.overwrite, identities(photos))
    found = in_bursts(_triaged(photos, options))
    failed = [each for each in found if each.diagnosis is None]
    trouble = _write_sidecars(found, fields) if options.write_xmp else 0
    for each in failed:
        say(each.reason)
    if options.report:
        write_report(found, options.report)
    if options.json:
        print_json(as_json(found))
    say(summary(found))
    return FAILED if failed or trouble else DONE


def listed(folders: Sequence[Path], recursive: bool) -> list[Path]:
    """Return the photos of folders, and those that are named themselves; each once.

    Raise UserError if something does not exist, or if there is no photo.
    """
    photos: dict[Path, None] = {}
    for each in folders:
        if each.is_file() and is_photo(each):
            photos[each] = None
        elif each.is_file():
            raise UserError("{path} is no photo that can be read here.", path=each)
        else:
            photos |= dict.fromkeys(photos_in(each, recursive))
    if photos:
        return list(photos)
    if recursive:
        raise UserError("There are no photos in {folder}.", folder=folders[0])
    raise UserError("There are no photos in {folder}; --recursive looks into subfolders.", folder=folders[0])


def _fields(options: argparse.Namespace) -> tuple[str, ...]:
    if options.xmp_fields is None:
        return ("label", "keyword")
    if not options.write_xmp:
        raise UsageError("--xmp-fields needs --write-xmp.")
    fields = tuple(part.strip() for part in options.xmp_fields.split(","))
    for field in fields:
        if field not in FIELDS:
            raise UsageError(f"--xmp-fields takes label, rating and keyword, not {field!r}.")
    return fields


def _triaged(photos: list[Path], options: argparse.Namespace) -> list[Triaged]:
    """Diagnose the photos; tell each in one line, and the remaining time."""
    done = 0

    def ended(one: Triaged) -> None:
        nonlocal done
        done += 1
        if not options.json:
            line = f"{one.path}: {described(one)}" if one.diagnosis else one.reason
            tell(f"{done}/{len(photos)} {line}")
        for note in one.notes:
            say(f"{one.path}: {note}")
        show_progress(done / len(photos), "triage")

    if options.scheduler:
        folders = [path.parent for path in photos]
        with ClusterMeasuring(options.scheduler, folders, options.faces) as cluster:
            return _looked_through(photos, options, cluster, cluster.room, ended)
    measuring = Measuring(FaceSearch() if options.faces else None)
    return _looked_through(photos, options, measuring, options.workers or processors(), ended)


def _looked_through(
    photos: list[Path],
    options: argparse.Namespace,
    measure: Measure,
    workers: int,
    ended: Callable[[Triaged], object],
) -> list[Triaged]:
    memory = Forgetful() if options.no_cache else Cache()
    triage = Triage(lambda path, check: look(path, memory, options.faces, measure, check), workers, ended=ended)
    return triage.run(photos)


def _write_sidecars(found: Sequence[Triaged], fields: tuple[str, ...]) -> int:
    """Write a sidecar for each photo; return how many could not be written."""
    trouble, kept = 0, Counter[str]()
    for each in found:
        if each.diagnosis is None:
            continue
        try:
            kept.update(write_marks(each.path, marks_of(each, fields)))
        except UserError as error:
            trouble += 1
            say(str(error))
    for name, count in kept.items():
        say(f"{count} sidecars had a {name} already and keep it.")
    return trouble


def summary(found: Sequence[Triaged]) -> str:
    """Return how many photos are of each kind, in one line."""
    told = [each.diagnosis for each in found if each.diagnosis is not None]
    kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(str(each.kind) for each in told).most_common())
    saved = sum(each.advice is Advice.CAN_BE_SAVED for each in told)
    bursts = len({each.burst for each in found} - {0})
    parts = [f"{len(found)} photos", *filter(None, [kinds]), f"{saved} can be saved"]
    parts += [f"{bursts} bursts"] if bursts else []
    known = sum(each.known for each in found)
    parts += [f"{known} known from before"] if known else []
    failed = len(found) - len(told)
    return "; ".join([*parts, f"{failed} could not be read"]) + "."
