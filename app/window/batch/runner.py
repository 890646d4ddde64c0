"""Runs a batch on a thread of the session and keeps the table up to date."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.batch.cluster import Cluster
from app.batch.control import Control
from app.batch.journal import Entry, Journal
from app.batch.plan import Plan
from app.batch.run import Batch
from app.batch.work import LocalExecutor
from app.window.batch.pictures import RowPictures
from app.window.batch.table import BatchTable
from app.window.jobs import Post, Wait
from app.window.session import Session
from app.window.triage.known import KnownBlur

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photos.photo import Photo
    from engine.request import Request
    from engine.result import Result


class BatchRunner(QObject):
    """Runs one batch at a time. changed: state, counts or progress. ended: the batch is complete or was cancelled.

    listed: whether the table shows the photos of `plan`.
    """

    changed = Signal()
    prepared = Signal()
    ended = Signal()
    refused = Signal(str)

    def __init__(self, session: Session, blur: KnownBlur) -> None:
        super().__init__(session)
        self.table = BatchTable(blur, self)
        self.pictures = RowPictures(session, self.table)
        self.plan: Plan | None = None
        self.control: Control | None = None
        self._session = session
        self.listed = False
        self._photos: list[Path] = []

    @property
    def running(self) -> bool:
        """Whether a batch is running or paused."""
        return self.control is not None

    def forget(self) -> None:
        """Drop the plan and its photos, so that only what the page shows can be started."""
        self.plan, self.listed = None, False
        self.table.fill({}, {})
        self.changed.emit()

    def prepare(self, plan: Plan) -> None:
        """Find the photos, and what an earlier run did with them."""
        self.plan, self.listed = plan, False
        self.changed.emit()
        self._session.in_background(
            lambda *_: _looked(plan), partial(self._prepared, plan), partial(self._not_prepared, plan)
        )

    def _prepared(self, plan: Plan, found: tuple[list[Path], dict[str, Entry]]) -> None:
        if plan is self.plan and not self.running:
            self._photos, before = found
            self.listed = True
            self.table.fill({plan.name(path): path for path in self._photos}, before)
            self.prepared.emit()
            self.changed.emit()

    def _not_prepared(self, plan: Plan, error: BaseException) -> None:
        if plan is self.plan and not self.running:
            self.forget()
            self._session.tell(error, self.refused.emit)

    def start(self, only_failed: bool = False, scheduler: str = "") -> None:
        """Start the remaining photos, or only those that failed.

        scheduler: address of a Dask scheduler whose workers do the work, "" for this computer.
        """
        plan = self.plan
        if plan is None or not self.listed or self.running:
            return
        states = ("failed",) if only_failed else ("waiting", "failed")
        wanted = {row.name for row in self.table.rows if row.state in states}
        photos = [path for path in self._photos if plan.name(path) in wanted]
        for name in wanted:
            self.table.change(name, state="waiting", share=0.0, entry=None)
        self.control = control = Control()
        self._session.in_background(
            partial(self._run, plan, control, photos, scheduler), lambda _: self._end(), self._failed
        )
        self.changed.emit()

    def _run(self, plan: Plan, control: Control, photos: list[Path], scheduler: str, wait: Wait, post: Post) -> None:
        now = ""

        def begun(name: str) -> None:
            nonlocal now
            now = name
            post(partial(self._begun, name))

        def on_progress(share: float, _: str) -> None:
            post(partial(self._progressed, now, share))

        def restore(request: Request, photo: Photo) -> Result:
            result: Result = wait(
                lambda engine: engine.submit(request, photo, on_progress=on_progress), control.cancelled
            )
            return result

        def ended(entry: Entry, notes: tuple[str, ...]) -> None:
            post(partial(self._one_ended, entry, notes))

        executor = Cluster(scheduler, plan) if scheduler else LocalExecutor(restore)
        Batch(plan, executor, control, begun, ended).run(photos, resume=True)

    def pause(self, paused: bool) -> None:
        """Pause after the photo in progress, or continue."""
        if self.control is not None:
            (self.control.pause if paused else self.control.resume)()
            self.changed.emit()

    def cancel(self) -> None:
        """End the batch; it can be resumed later."""
        if self.control is not None:
            self.control.cancel()
            self._session.stop(self.control.cancelled)

    def _begun(self, name: str) -> None:
        self.table.change(name, state="working")
        self.changed.emit()

    def _progressed(self, name: str, share: float) -> None:
        self.table.change(name, share=share)
        self.changed.emit()

    def _one_ended(self, entry: Entry, notes: tuple[str, ...]) -> None:
        self.table.change(entry.photo, state=entry.state, share=1.0, entry=entry, notes=notes)
        self.changed.emit()

    def _failed(self, error: BaseException) -> None:
        for row in self.table.rows:
            if row.state == "working":
                self.table.change(row.name, state="waiting", share=0.0)
        self._session.tell(error, self.refused.emit)
        self._end()

    def _end(self) -> None:
        self.control = None
        self.changed.emit()
        self.ended.emit()


def _looked(plan: Plan) -> tuple[list[Path], dict[str, Entry]]:
    photos = plan.photos()
    entries = Journal(plan.output).entries()
    named = {plan.name(path): path for path in photos}
    known = {name: entry for name, entry in entries.items() if name in named}
    return photos, {
        name: entry for name, entry in known.items() if entry.state == "failed" or plan.still_done(entry, named[name])
    }
