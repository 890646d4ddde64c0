"""The runs of all methods on one photo and their states. Knows no widget."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.language import tr, translated
from app.remaining import Remaining
from app.window.comparing.running import MethodResult, run_method
from app.window.methods import AUTOMATIC, MethodChoice
from app.window.panels.steps import words_of
from app.window.session import Session
from engine.applicable import applicable
from engine.areas.area import left_out
from engine.choices import RegionChoice
from engine.errors import Cancelled, UserError
from engine.request import Request

_SECOND = 1000


class RunStage(Enum):
    """The state of a method."""

    IDLE = "idle"
    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, eq=False)
class Run:
    """A method and its outcome. reason: why it cannot run, or why it failed. progress: 0 to 1.

    status: the current step and the remaining time, in words.
    """

    choice: MethodChoice
    stage: RunStage = RunStage.IDLE
    progress: float = 0.0
    outcome: MethodResult | None = None
    reason: str = ""
    status: str = ""


class MethodRuns(QObject):
    """Runs methods one after another on the open photo, with the region and the faces that the user chose.

    changed: the id of the method whose state changed. failed: an unexpected error.
    """

    changed = Signal(str)
    failed = Signal(object)

    def __init__(self, session: Session, choices: Sequence[MethodChoice]) -> None:
        super().__init__()
        self._session = session
        shown = session.document.shown
        assert shown.photo is not None
        self._photo, self._faces = shown.photo, shown.faces
        self.request = Request.of(shown.choices_to_run(), session.place_now, shown.path)
        self._asked = shown.request
        offered = [choice for choice in choices if choice.id != AUTOMATIC.id]
        self.runs = {choice.id: Run(choice, reason=lack_of(choice, self.request.region)) for choice in offered}
        self._stop, self._remaining = threading.Event(), Remaining()
        self._now: tuple[str, float, str] = ("", 0.0, "")
        self._tick = QTimer(self, interval=_SECOND)
        self._tick.timeout.connect(self._count)

    @property
    def busy(self) -> bool:
        """Whether a method runs or waits."""
        return any(run.stage in (RunStage.WAITING, RunStage.WORKING) for run in self.runs.values())

    @property
    def able(self) -> list[str]:
        """The ids of the methods that can run, in the order of the list."""
        return [identity for identity, run in self.runs.items() if run.stage is RunStage.FAILED or not run.reason]

    def start(self, ids: Iterable[str]) -> None:
        """Run these methods, except those that are done already."""
        self._stop = threading.Event()
        for identity in ids:
            if self.runs[identity].stage in (RunStage.IDLE, RunStage.FAILED):
                self._put(identity, stage=RunStage.WAITING, progress=0.0, reason="")
        self._next()

    def cancel(self) -> None:
        """Stop all runs; finished results stay."""
        self._tick.stop()
        self._stop.set()
        for identity, run in self.runs.items():
            if run.stage in (RunStage.WAITING, RunStage.WORKING):
                self._put(identity, stage=RunStage.IDLE)

    def pick(self, identity: str) -> None:
        """Make a method's result the result of the photo."""
        outcome, document = self.runs[identity].outcome, self._session.document
        if outcome is not None:
            document.shown.choose_method(identity)
            document.shown.finish_work(outcome.result, outcome.picture, outcome.identities)

    def _request(self, identity: str) -> Request:
        """Return the request for a method, with what the user chose to refine it by as far as the method can."""
        finish, best = self._asked.finish, self._asked.best_quality
        areas = left_out(self.request.areas)
        asked = dataclasses.replace(self.request, method=identity, kernel=None, areas=areas)
        return applicable(dataclasses.replace(asked, finish=finish, best_quality=best))

    def _next(self) -> None:
        self._tick.stop()
        waiting = [identity for identity, run in self.runs.items() if run.stage is RunStage.WAITING]
        if waiting and not any(run.stage is RunStage.WORKING for run in self.runs.values()):
            stop, first = self._stop, waiting[0]
            self._remaining, self._now = Remaining(), (first, 0.0, "start")
            self._tick.start()
            self._put(first, stage=RunStage.WORKING, status="")
            progressed = partial(self._progressed, first, stop)
            work = partial(run_method, self._request(first), self._photo, self._faces, stop, progressed)
            self._session.in_background(work, partial(self._done, first, stop), partial(self._not_done, first, stop))

    def _progressed(self, identity: str, stop: threading.Event, fraction: float, step: str) -> None:
        if not stop.is_set():
            self._now = identity, fraction, step
            self._count()

    def _count(self) -> None:
        """Say what is going on, and for how long."""
        identity, fraction, step = self._now
        self._put(identity, progress=fraction, status="\n".join(words_of(fraction, step, self._remaining)))

    def _done(self, identity: str, stop: threading.Event, outcome: MethodResult) -> None:
        if not stop.is_set():
            self._put(identity, stage=RunStage.DONE, outcome=outcome)
            self._next()

    def _not_done(self, identity: str, stop: threading.Event, error: BaseException) -> None:
        if stop.is_set() or isinstance(error, Cancelled):
            return
        foreseen = isinstance(error, UserError)
        self._put(
            identity, stage=RunStage.FAILED, reason=translated(error) if foreseen else tr("Something went wrong.")
        )
        if not foreseen:
            self.failed.emit(error)
        self._next()

    def _put(self, identity: str, **changes: object) -> None:
        self.runs[identity] = dataclasses.replace(self.runs[identity], **changes)  # type: ignore[arg-type]
        self.changed.emit(identity)


def lack_of(choice: MethodChoice, region: RegionChoice) -> str:
    """Return why a method cannot run on a region, "" if it can."""
    if choice.reason or region in choice.regions:
        return choice.reason
    return (
        tr("It restores faces, not whole photos.") if region == "whole" else tr("It does not suit the chosen region.")
    )
