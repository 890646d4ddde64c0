"""Restores one photo of a batch, from its file to the file of its result, here or on a cluster."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Protocol

from app.one_photo import Restore, restored, saved
from app.trust import explanation_of
from engine.errors import Cancelled, Sentence, UserError
from engine.request import Request

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Work:
    """One task: `request` with its photo, and the `target` of the result. It can be sent to another process.

    painted_masks: use the mask that was painted for the photo in the window.
    """

    request: Request
    target: Path
    overwrite: bool = False
    quality: int | None = None
    gps: bool = True
    painted_masks: bool = False

    @property
    def photo(self) -> Path:
        """The photo's file."""
        assert self.request.photo is not None
        return self.request.photo


@dataclass(frozen=True)
class TaskOutcome:
    """The end of a task. reason: why it failed, or "". notes: on fallbacks and lost metadata.

    method: the id that ran. verdict: the value of the result's verdict (see `engine.kernels.trust`).
    """

    seconds: float
    reason: str = ""
    notes: tuple[str, ...] = ()
    method: str = ""
    verdict: str = ""


class Executor(Protocol):
    """Does the work; a context manager that ends the tasks in progress."""

    @property
    def room(self) -> int:
        """How many photos may be in progress at a time, at least 1."""

    def begin(self, work: Work) -> None:
        """Start a photo."""

    def take(self, cancelled: threading.Event) -> tuple[Work, TaskOutcome]:
        """Wait for one of the photos in progress; raise Cancelled when the event is set."""

    def __enter__(self) -> object: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


class LocalExecutor:
    """Does the work in this process, one photo after the other; `restore` raises Cancelled to end it."""

    def __init__(self, restore: Restore) -> None:
        self.room = 1
        self._restore = restore
        self._next: list[Work] = []

    def begin(self, work: Work) -> None:
        """Remember the photo."""
        self._next.append(work)

    def take(self, cancelled: threading.Event) -> tuple[Work, TaskOutcome]:
        """Restore the photo."""
        del cancelled
        work = self._next.pop()
        return work, do(work, self._restore)

    def __enter__(self) -> LocalExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        self._next.clear()


def do(work: Work, restore: Restore) -> TaskOutcome:
    """Read, restore and write a photo; the outcome has the reason of a failure. Raise Cancelled."""
    start = time.monotonic()
    reason = ""
    done = TaskOutcome(0.0)
    try:
        done = _restored(work, restore)
    except Cancelled:
        raise
    except UserError as error:
        reason = failure_line(work.photo, error)
    except Exception as error:  # noqa: BLE001 - the photo's end, not the batch's
        reason = unexpected_line(work.photo, error)
    return replace(done, seconds=round(time.monotonic() - start, 3), reason=reason)


def failure_line(path: Path, error: UserError | str) -> str:
    """Return one line that names the file and the reason."""
    reason = error.sentence if isinstance(error, UserError) else error
    return reason if str(path) in reason else Sentence("{path}: {reason}", path=path, reason=reason)


def unexpected_line(path: Path, error: Exception) -> str:
    """Log an error that nobody expected, with its traceback; return one line that names the file and the error."""
    _log.error("unexpected with %s", path, exc_info=error)
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return failure_line(path, Sentence("something went wrong ({error})", error=said))


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; raise UserError if that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError("Cannot make the folder {folder}: {reason}.", folder=folder, reason=error) from error


def _restored(work: Work, restore: Restore) -> TaskOutcome:
    done = restored(work.photo, work.request, restore, work.painted_masks)
    make_folder(work.target.parent)
    result = saved(done, work.target, work.overwrite, work.quality, work.gps)
    part = explanation_of(result)
    verdict = part.verdict if part else None
    return TaskOutcome(0.0, "", result.notes, result.method, str(verdict or ""))
