"""Restores the photos of a folder; a bad one is noted, and the others go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.batch.control import Control
from app.batch.journal import Entry, Journal, stamp
from app.batch.plan import Plan
from app.batch.work import Executor, TaskOutcome, Work, failure_line, make_folder
from engine.errors import UserError
from engine.photos.naming import Identity, check_target, identities, place
from engine.whole_files import remove_leftovers


@dataclass(frozen=True)
class Batch:
    """A running plan. It calls `begun` and `ended` on the thread of `run`.

    begun: gets a photo's name. ended: gets its entry and notes.
    """

    plan: Plan
    executor: Executor
    control: Control = field(default_factory=Control)
    begun: Callable[[str], object] = lambda _: None
    ended: Callable[[Entry, tuple[str, ...]], object] = lambda *_: None

    def run(self, photos: Sequence[Path], resume: bool = False) -> list[Entry]:
        """Restore the photos, without those that `resume` finds done; return an entry for each, in order.

        Raise Cancelled if the batch was cancelled, UserError if it cannot begin or write its journal.
        """
        make_folder(self.plan.output)
        journal = Journal(self.plan.output)
        with journal.locked():
            before = journal.entries()
            _sweep(self.plan.output, before)
            with self.executor:
                return _Run(self, journal, before, resume, identities(self._given(photos))).all(photos)

    def _given(self, photos: Sequence[Path]) -> list[Path]:
        """Return the user's own files, which no result may replace."""
        return [*photos, *filter(None, [self.plan.request.kernel, self.plan.request.mask])]


@dataclass(frozen=True)
class _Run:
    """One pass over the photos. targets: the paths of results, done or in progress, which no other photo may use.

    under_way: by photo its entry, and whether an existing result is its own and may be replaced.
    """

    batch: Batch
    journal: Journal
    before: dict[str, Entry]
    resume: bool
    originals: frozenset[Identity]
    ended: dict[Path, Entry] = field(default_factory=dict)
    under_way: dict[Path, tuple[Entry, bool]] = field(default_factory=dict)
    targets: set[str] = field(default_factory=set)

    def all(self, photos: Sequence[Path]) -> list[Entry]:
        executor, control = self.batch.executor, self.batch.control
        left = iter(photos)
        path = next(left, None)
        while path is not None or self.under_way:
            full = len(self.under_way) >= executor.room or (control.paused and self.under_way)
            if path is None or full:
                self._take(*executor.take(control.cancelled))
            else:
                self._meet(path)
                path = next(left, None)
        return [self.ended[path] for path in photos]

    def _meet(self, path: Path) -> None:
        """Start a photo that is not done yet."""
        plan = self.batch.plan
        known = self.before.get(plan.name(path))
        if self.resume and known is not None and self._still_done(known, path):
            self.ended[path] = known
            return
        self.batch.control.wait()
        self.batch.begun(plan.name(path))
        entry, target = Entry(plan.name(path), "begun", stamp=stamp(path), request=plan.asked), plan.target(path)
        output = target.relative_to(plan.output).as_posix()
        earlier = known is not None and known.output == output  # the existing file belongs to an earlier batch
        own = self.resume and earlier
        try:
            self._check(path, target, own, earlier)
        except UserError as error:
            self._refuse(path, replace(entry, state="failed", reason=failure_line(path, error)), noted=earlier)
            return
        entry = replace(entry, output=output)
        self.journal.add(entry)  # a result that a crash left without a journal entry may be replaced
        self.targets.add(place(target))
        self.under_way[path] = entry, own
        request = replace(plan.request, photo=path)
        self.batch.executor.begin(
            Work(request, target, plan.overwrite or own, plan.quality, plan.gps, plan.painted_masks)
        )

    def _still_done(self, known: Entry, path: Path) -> bool:
        """Whether the photo still has its own result: a later photo with the same target has replaced it."""
        target = place(self.batch.plan.output / known.output)
        done = target not in self.targets and self.batch.plan.still_done(known, path)
        if done:
            self.targets.add(target)
        return done

    def _check(self, path: Path, target: Path, own: bool, earlier: bool) -> None:
        """Make the target's folder; raise UserError if the result cannot go there."""
        overwrite = self.batch.plan.overwrite or own
        if place(target) in self.targets:
            raise UserError("{target} is the result of another photo of this call.", target=target)
        if earlier and not overwrite and target.exists():
            raise UserError(
                "{target} was made by an earlier call; --resume goes on with it, --overwrite would replace it.",
                target=target,
            )
        make_folder(target.parent)
        check_target(path, target, overwrite, self.originals)

    def _take(self, work: Work, outcome: TaskOutcome) -> None:
        entry, own = self.under_way.pop(work.photo)
        entry = replace(entry, state="failed" if outcome.reason else "done", reason=outcome.reason)
        if outcome.reason and not own:
            entry = replace(entry, output="")  # an existing file may not belong to this batch
        entry = replace(entry, seconds=outcome.seconds, method=outcome.method, verdict=outcome.verdict)
        self._note(work.photo, entry, outcome.notes)

    def _note(self, path: Path, entry: Entry, notes: tuple[str, ...] = ()) -> None:
        self.journal.add(entry)
        self._tell(path, entry, notes)

    def _refuse(self, path: Path, entry: Entry, noted: bool) -> None:
        """Let a photo fail before it starts; the journal's entry on an earlier result stays valid."""
        (self._tell if noted else self._note)(path, entry)

    def _tell(self, path: Path, entry: Entry, notes: tuple[str, ...] = ()) -> None:
        self.ended[path] = entry
        self.batch.ended(entry, notes)


def _sweep(output: Path, before: dict[str, Entry]) -> None:
    """Delete half-written files of photos that were begun and never ended, because of a crash."""
    begun = [output / entry.output for entry in before.values() if entry.state == "begun"]
    for folder in {path.parent for path in begun}:
        remove_leftovers(folder)
