"""acutance batch FOLDER -o DIR: restores all photos of a folder, and names bad files at the end."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from app.batch.cluster import Cluster
from app.batch.journal import Entry
from app.batch.plan import Plan
from app.batch.report import as_json, write_report
from app.batch.run import Batch
from app.batch.work import LocalExecutor, make_folder
from app.cli.asking import add_preset, add_restoring, add_saving, request_of
from app.cli.console import DONE, FAILED, UsageError, print_json, say, show_progress, usage
from engine.engine import Engine
from engine.errors import UserError
from engine.photos.naming import TEMPLATE, check_target, check_template, identities


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance batch`."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the photos; they are never changed")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder of the results; it is made if it does not exist",
    )
    parser.add_argument("--recursive", action="store_true", help="include subfolders")
    parser.add_argument(
        "--resume",
        action="store_true",
        help="skip the photos that an earlier call has done, and retry those that failed",
    )
    parser.add_argument(
        "--name", default=TEMPLATE, metavar="TEMPLATE", help="name of a result; {name} and {method} are filled in"
    )
    add_preset(parser)
    parser.add_argument("--report", type=Path, metavar="FILE", help="write a report as .csv or .json")
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="address of a Dask scheduler; its workers must see both folders under the same paths",
    )
    add_restoring(parser)
    parser.add_argument(
        "--painted-masks", action="store_true", help="restore each photo under the mask painted for it in the window"
    )
    add_saving(parser)
    parser.add_argument("--json", action="store_true", help="print the report on standard output")


def run(options: argparse.Namespace) -> int:
    """Restore the photos one by one; a bad one is noted, and the others go on."""
    if options.report and options.report.suffix.lower() not in (".csv", ".json"):
        raise UsageError(f"A report is a .csv or a .json file, not {options.report.name}.")
    request = request_of(options)
    with usage():
        template = check_template(options.name)
    plan = Plan(
        request,
        options.folder,
        options.output,
        options.recursive,
        template,
        quality=options.quality,
        gps=options.gps,
        overwrite=options.overwrite,
        painted_masks=options.painted_masks,
    )
    photos = _photos(plan)
    make_folder(plan.output)  # the report may go there
    if options.report:
        given = identities([Path(options.preset)] if options.preset else [])
        check_target(plan.folder, options.report, options.overwrite or options.resume, given)
    entries = _run(plan, photos, options.resume, options.scheduler)
    failed = [entry for entry in entries if entry.state == "failed"]
    for entry in failed:
        say(entry.reason)
    if options.json:
        print_json(as_json(entries))
    if options.report:
        write_report(entries, options.report)
    return FAILED if failed else DONE


def _photos(plan: Plan) -> list[Path]:
    photos = plan.photos()
    if photos:
        return photos
    if plan.recursive:
        raise UserError("There are no photos in {folder}.", folder=plan.folder)
    raise UserError("There are no photos in {folder}; --recursive looks into subfolders.", folder=plan.folder)


def _run(plan: Plan, photos: list[Path], resume: bool, scheduler: str | None) -> list[Entry]:
    """Restore the photos, and say how many are done, before and now."""
    finished: list[Entry] = []
    numbers = {plan.name(path): number for number, path in enumerate(photos, start=1)}

    def ended(entry: Entry, notes: tuple[str, ...]) -> None:
        finished.append(entry)
        path = plan.folder / entry.photo
        for note in notes:
            say(f"{path}: {note}")
        line = entry.reason or f"{path} -> {plan.output / entry.output}"
        say(f"{numbers[entry.photo]}/{len(photos)} {line}")

    if scheduler:
        entries = Batch(plan, Cluster(scheduler, plan), ended=ended).run(photos, resume)
    else:
        with Engine() as engine:
            executor = LocalExecutor(partial(engine.run, on_progress=show_progress))
            entries = Batch(plan, executor, ended=ended).run(photos, resume)
    failed = sum(entry.state == "failed" for entry in entries)
    earlier = f" ({len(entries) - len(finished)} of them before)" if resume else ""
    say(f"{len(entries) - failed} done{earlier}, {failed} failed.")
    return entries
