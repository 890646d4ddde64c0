"""One photo of a batch, from its file to the file of its result; whoever does it, here or on a cluster."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Protocol

from app.trust import explained_part
from engine.errors import Cancelled, Sentence, UserError
from engine.photos.photo import Photo
from engine.request import Request
from engine.result import Result

_log = logging.getLogger(__name__)

Restore = Callable[[Request, Photo], Result]


@dataclass(frozen=True)
class Work:
    """What to do: `request` with its photo, result to `target`. It can be sent to another process."""

    request: Request
    target: Path
    overwrite: bool = False
    quality: int | None = None
    gps: bool = True

    @property
    def photo(self) -> Path:
        """The photo's file."""
        assert self.request.photo is not None
        return self.request.photo


@dataclass(frozen=True)
class Outcome:
    """What became of it. reason: why it failed, "" where it did not. notes: what fell back, what was not kept.

    method: the id that ran. verdict: the value of what is known of the result (see `engine.kernels.trust`).
    """

    seconds: float
    reason: str = ""
    notes: tuple[str, ...] = ()
    method: str = ""
    verdict: str = ""


class Hands(Protocol):
    """Who does the work; used as a context manager that ends what is still under way."""

    room: int
    """How many photos may be under way at a time, 1 or more."""

    def begin(self, work: Work) -> None:
        """Take a photo on."""

    def take(self, cancelled: threading.Event) -> tuple[Work, Outcome]:
        """Wait for one of those under way; raise Cancelled when the event is set."""

    def __enter__(self) -> object: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


class Own:
    """This process does the work, one photo after the other; `restore` raises Cancelled where it shall end."""

    def __init__(self, restore: Restore) -> None:
        self.room = 1
        self._restore = restore
        self._next: list[Work] = []

    def begin(self, work: Work) -> None:
        """Put the photo on the pile."""
        self._next.append(work)

    def take(self, cancelled: threading.Event) -> tuple[Work, Outcome]:
        """Do it."""
        del cancelled
        work = self._next.pop()
        return work, do(work, self._restore)

    def __enter__(self) -> Own:
        return self

    def __exit__(self, *_: object) -> None:
        self._next.clear()


def do(work: Work, restore: Restore) -> Outcome:
    """Read, restore and write a photo; what goes wrong with it is the outcome's reason. Raise Cancelled."""
    start = time.monotonic()
    reason = ""
    done = Outcome(0.0)
    try:
        done = _restored(work, restore)
    except Cancelled:
        raise
    except UserError as error:
        reason = failure_line(work.photo, error)
    except Exception as error:  # noqa: BLE001 - the photo's end, not the batch's
        _log.error("unexpected with %s", work.photo, exc_info=error)
        said = " ".join(f"{type(error).__name__}: {error}".split())
        reason = failure_line(work.photo, Sentence("something went wrong ({error})", error=said))
    return replace(done, seconds=round(time.monotonic() - start, 3), reason=reason)


def failure_line(path: Path, error: UserError | str) -> str:
    """Return one line that names the file and the reason."""
    reason = error.sentence if isinstance(error, UserError) else error
    return reason if str(path) in reason else Sentence("{path}: {reason}", path=path, reason=reason)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; raise UserError where that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError("Cannot make the folder {folder}: {reason}.", folder=folder, reason=error) from error


def _restored(work: Work, restore: Restore) -> Outcome:
    from engine.photos.losses import not_kept
    from engine.photos.reading import read_photo
    from engine.photos.writing import write_photo
    from engine.restoration.finishing import finished

    photo = read_photo(work.photo, work.request.memory)
    result = restore(work.request, photo)
    make_folder(work.target.parent)
    write_photo(finished(photo, result), work.target, overwrite=work.overwrite, quality=work.quality, gps=work.gps)
    part = explained_part(result)
    verdict = part.verdict if part else None
    return Outcome(0.0, "", result.notes + not_kept(photo, work.target), result.method, str(verdict or ""))
