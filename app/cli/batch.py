"""acutance batch FOLDER -o DIR: all photos of a folder, subfolders kept, bad files named at the end."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from app.cli.asking import add_restoring, add_saving, request_of
from app.cli.batch_report import as_json, write_report
from app.cli.console import DONE, FAILED, UsageError, print_json, say
from app.cli.deblur import deblur, failure_line
from app.cli.journal import Entry, Journal, fingerprint, stamp
from app.presets import load_preset
from engine.engine import Engine
from engine.errors import UserError
from engine.photos.naming import output_path
from engine.photos.reading import is_photo
from engine.request import Request


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe `acutance batch`."""
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="made if need be")
    parser.add_argument("--recursive", action="store_true", help="subfolders too")
    parser.add_argument("--resume", action="store_true", help="skip what an earlier call has done")
    parser.add_argument("--preset", metavar="NAME", help="saved settings, or a file of them, instead of the others")
    parser.add_argument("--report", type=Path, metavar="FILE", help=".csv or .json")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster")
    add_restoring(parser)
    add_saving(parser)
    parser.add_argument("--json", action="store_true", help="print the report on standard output")


def run(options: argparse.Namespace) -> int:
    """Do the photos of the folder one by one; a bad one is noted and the rest goes on."""
    if options.scheduler:
        raise UserError("--scheduler follows with a later version; this one works on the machine it runs on.")
    if options.report and options.report.suffix.lower() not in (".csv", ".json"):
        raise UsageError(f"A report is a .csv or a .json file, not {options.report.name}.")
    request = load_preset(options.preset) if options.preset else request_of(options)
    photos = list(_photos(options.folder, options.output, options.recursive))
    try:
        options.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"Cannot make the folder {options.output}: {error.strerror}.") from error
    entries = Batch(request, options).run(photos)
    failed = [entry for entry in entries if entry.state == "failed"]
    say(f"{len(entries) - len(failed)} done, {len(failed)} failed.")
    for entry in failed:
        say(entry.reason)
    if options.report:
        write_report(entries, options.report)
    if options.json:
        print_json(as_json(entries))
    return FAILED if failed else DONE


def _photos(folder: Path, output: Path, recursive: bool) -> Iterator[Path]:
    """Yield the photos in order, without the results of an earlier call where these lie inside the folder."""
    if not folder.is_dir():
        raise UserError(f"{folder} is no folder.")
    inside = output.resolve()
    for path in sorted(folder.rglob("*") if recursive else folder.glob("*")):
        own = inside != folder.resolve() and path.resolve().is_relative_to(inside)
        if not own and not path.name.startswith(".") and is_photo(path) and path.is_file():
            yield path


@dataclass(frozen=True)
class Batch:
    """A batch: the request for every photo, and the options of the call."""

    request: Request
    options: argparse.Namespace

    def run(self, photos: Iterable[Path]) -> list[Entry]:
        """Do what is not done yet, and return an entry for every photo."""
        journal = Journal(self.options.output)
        before = journal.entries() if self.options.resume else {}
        entries: list[Entry] = []
        photos = list(photos)
        with Engine() as engine:
            for number, path in enumerate(photos, start=1):
                known = before.get(self._name(path))
                if known is not None and self._still_done(known, path):
                    entries.append(known)
                    continue
                entry = self._done(engine, path, resumed=known is not None)
                journal.add(entry)
                entries.append(entry)
                say(f"{number}/{len(photos)} {entry.reason or f'{path} -> {self.options.output / entry.output}'}")
        return entries

    def _done(self, engine: Engine, path: Path, resumed: bool) -> Entry:
        start = time.monotonic()
        target = self._target(path)
        entry = Entry(self._name(path), "done", stamp=stamp(path), request=self._asked)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            overwrite = self.options.overwrite or resumed
            told = deblur(engine, self.request, path, target, overwrite, self.options.quality, self.options.gps)
            for note in told["notes"]:
                say(f"{path}: {note}")
        except UserError as error:
            return replace(entry, state="failed", reason=failure_line(path, error), seconds=_since(start))
        except OSError as error:
            reason = f"{path}: the folder {target.parent} cannot be made: {error.strerror}."
            return replace(entry, state="failed", reason=reason, seconds=_since(start))
        return replace(entry, output=str(target.relative_to(self.options.output)), seconds=_since(start))

    def _still_done(self, entry: Entry, path: Path) -> bool:
        same = entry.stamp == stamp(path) and entry.request == self._asked
        return entry.state == "done" and same and (self.options.output / entry.output).is_file()

    @property
    def _asked(self) -> str:
        """Return what a result must have been made by to count as done: one with GPS data is none without."""
        asked = self.request.to_json()
        return fingerprint(asked if self.options.gps else {**asked, "gps": False})

    def _name(self, path: Path) -> str:
        return path.relative_to(self.options.folder).as_posix()

    def _target(self, path: Path) -> Path:
        """Return where the result goes; a photo whose suffix must change keeps the old one in its name."""
        folder = self.options.output / path.parent.relative_to(self.options.folder)
        target = folder / output_path(path).name
        return target if target.suffix == path.suffix else target.with_stem(f"{target.stem}-{path.suffix[1:]}")


def _since(start: float) -> float:
    return round(time.monotonic() - start, 3)
