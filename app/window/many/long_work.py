"""Follows long work (a batch, all open photos, one large photo), and tells the desktop about it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from app.language import tr, trn
from app.window.batch.runner import BatchRunner
from app.window.many.desktop import Desktop
from app.window.many.together import DeblurAll
from app.window.photos.photo_state import State
from app.window.session import Session

LONG = 10.0
"""Seconds of work after which its end is worth a notification."""


class LongWork(QObject):
    """The batch comes first, then all open photos, then the photo that is shown."""

    def __init__(
        self,
        session: Session,
        together: DeblurAll,
        batch: BatchRunner,
        desktop: Desktop,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(session)
        self._document, self._together, self._batch = session.document, together, batch
        self._desktop, self._clock = desktop, clock
        self._since: float | None = None
        self._took = 0.0  # seconds of the work that ended last
        for signal in (
            self._document.progress_changed,
            self._document.state_changed,
            together.changed,
            batch.changed,
        ):
            signal.connect(self._show)
        session.run_ended.connect(self._run_ended)
        together.ended.connect(self._all_ended)
        batch.ended.connect(self._batch_ended)
        session.closing.connect(lambda: desktop.show_progress(None))

    def _show(self) -> None:
        share, left = self._state()
        if share is None and self._since is not None:
            self._took, self._since = self._clock() - self._since, None
        elif share is not None and self._since is None:
            self._since = self._clock()
        self._desktop.show_progress(share, left)

    def _state(self) -> tuple[float | None, int]:
        """Return the share that is done, None if nothing runs, and how many photos are left."""
        table, together = self._batch.table, self._together
        if self._batch.running and table.rows:
            ended = table.count("done") + table.count("failed")
            return ended / len(table.rows), len(table.rows) - ended
        if together.running and together.total:
            return together.done / together.total, together.total - together.done
        if self._document.shown.state is State.WORKING:
            return self._document.shown.progress[0], 1
        return None, 0

    def _tell(self, text: str) -> None:
        took = self._took if self._since is None else self._clock() - self._since
        self._took, self._since = 0.0, None  # one notification for one piece of work
        if took >= LONG:
            self._desktop.notify(text)

    def _run_ended(self, path: Path, restored: bool) -> None:
        if restored and not self._together.running and not self._batch.running:
            self._tell(tr("{name} is restored.").format(name=path.name))

    def _all_ended(self, restored: int) -> None:
        self._tell(trn("{count} photo is restored", "{count} photos are restored", restored).format(count=restored))

    def _batch_ended(self) -> None:
        table = self._batch.table
        done, failed = table.count("done"), table.count("failed")
        text = trn(
            "The batch has ended: {count} photo is restored", "The batch has ended: {count} photos are restored", done
        )
        parts = [text.format(count=done)]
        if failed:
            parts.append(trn("{count} failed", "{count} failed", failed).format(count=failed))
        self._tell(", ".join(parts))
