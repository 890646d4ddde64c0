"""Does the photos of a folder one by one; a bad one is noted and the rest goes on."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.batch.journal import Entry, Journal, fingerprint, stamp
from app.batch.photos import photos_in
from engine.errors import Cancelled, UserError
from engine.photos.naming import TEMPLATE, output_path
from engine.photos.photo import Photo
from engine.request import Request
from engine.result import Result

Restore = Callable[[Request, Photo], Result]


@dataclass(frozen=True)
class Plan:
    """What a batch does: `request` for every photo of `folder`, results into `output`, named by `template`."""

    request: Request
    folder: Path
    output: Path
    recursive: bool = False
    template: str = TEMPLATE
    quality: int | None = None
    gps: bool = True
    overwrite: bool = False

    def photos(self) -> list[Path]:
        """Return the photos in order; raise UserError where there is no such folder."""
        return photos_in(self.folder, self.recursive, leave_out=self.output)

    def name(self, path: Path) -> str:
        """Return what journal and report call a photo."""
        return path.relative_to(self.folder).as_posix()

    def target(self, path: Path) -> Path:
        """Return where the result goes; a photo whose suffix must change keeps the old one in its name."""
        folder = self.output / path.parent.relative_to(self.folder)
        target = folder / output_path(path, template=self.template, method=self.request.method).name
        return target if target.suffix == path.suffix else target.with_stem(f"{target.stem}-{path.suffix[1:]}")

    @property
    def asked(self) -> str:
        """Return what a result must have been made by to count as done: one with GPS data is none without."""
        asked = self.request.to_json()
        return fingerprint(asked if self.gps else {**asked, "gps": False})

    def still_done(self, entry: Entry, path: Path) -> bool:
        """Whether an earlier batch has done the photo, and nothing has changed since."""
        same = entry.stamp == stamp(path) and entry.request == self.asked
        return entry.state == "done" and same and (self.output / entry.output).is_file()


class Control:
    """Pause, go on and cancel a batch, from any thread. A pause begins after the photo that is being restored."""

    def __init__(self) -> None:
        self.cancelled = threading.Event()
        self._free = threading.Event()
        self._free.set()

    @property
    def paused(self) -> bool:
        """Whether no further photo is begun."""
        return not self._free.is_set()

    def pause(self) -> None:
        """Begin no further photo."""
        self._free.clear()

    def resume(self) -> None:
        """Go on."""
        self._free.set()

    def cancel(self) -> None:
        """End the batch; what is done stays done."""
        self.cancelled.set()
        self._free.set()

    def wait(self) -> None:
        """Wait for the end of a pause; raise Cancelled where the batch shall end."""
        self._free.wait()
        if self.cancelled.is_set():
            raise Cancelled("Cancelled.")


@dataclass(frozen=True)
class Batch:
    """A plan under way. begun is told a photo's name, ended its entry and what to note, on the thread of `run`."""

    plan: Plan
    restore: Restore
    control: Control = field(default_factory=Control)
    begun: Callable[[str], object] = lambda _: None
    ended: Callable[[Entry, tuple[str, ...]], object] = lambda *_: None

    def run(self, photos: Iterable[Path], before: Mapping[str, Entry]) -> list[Entry]:
        """Do what `before` does not tell to be done, and return an entry for every photo; raise Cancelled."""
        _make_folder(self.plan.output)
        journal = Journal(self.plan.output)
        entries: list[Entry] = []
        for path in photos:
            known = before.get(self.plan.name(path))
            if known is not None and self.plan.still_done(known, path):
                entries.append(known)
                continue
            self.control.wait()
            self.begun(self.plan.name(path))
            if known is not None and known.state == "begun":
                _sweep(self.plan.target(path).parent)
            own = known is not None and known.state != "failed"  # what lies there is from an earlier batch
            entry, notes = self._done(journal, path, resumed=own)
            journal.add(entry)
            entries.append(entry)
            self.ended(entry, notes)
        return entries

    def _done(self, journal: Journal, path: Path, resumed: bool) -> tuple[Entry, tuple[str, ...]]:
        start = time.monotonic()
        plan, target = self.plan, self.plan.target(path)
        entry = Entry(plan.name(path), "done", stamp=stamp(path), request=plan.asked)
        try:
            _check(path, target, plan.overwrite or resumed)
            journal.add(replace(entry, state="begun"))  # a result that a crash leaves unnoted may be replaced
            notes = self._restored(path, target, plan.overwrite or resumed)
        except UserError as error:
            return replace(entry, state="failed", reason=failure_line(path, error), seconds=_since(start)), ()
        return replace(entry, output=str(target.relative_to(plan.output)), seconds=_since(start)), notes

    def _restored(self, path: Path, target: Path, overwrite: bool) -> tuple[str, ...]:
        from engine.photos.losses import not_kept
        from engine.photos.reading import read_photo
        from engine.photos.writing import write_photo
        from engine.restoration.finishing import finished

        photo = read_photo(path)
        result = self.restore(replace(self.plan.request, photo=path), photo)
        _make_folder(target.parent)
        write_photo(
            finished(photo, result), target, overwrite=overwrite, quality=self.plan.quality, gps=self.plan.gps
        )
        return result.notes + not_kept(photo, target)


def failure_line(path: Path, error: UserError) -> str:
    """Return one line that names the file and the reason."""
    reason = " ".join(str(error).split())
    return reason if str(path) in reason else f"{path}: {reason}"


def _check(path: Path, target: Path, overwrite: bool) -> None:
    if not os.path.lexists(target):
        return
    if target.exists() and target.samefile(path):
        raise UserError(f"{target} is the original, which is never changed.")
    if not overwrite:
        raise UserError(f"{target} exists already; --overwrite would replace it.")


def _sweep(folder: Path) -> None:
    """Delete what a crash left half written."""
    for left in folder.glob(".acutance-????????????????.tmp"):
        left.unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"Cannot make the folder {folder}: {error.strerror}.") from error


def _since(start: float) -> float:
    return round(time.monotonic() - start, 3)
