"""The journal of a batch: a line for every photo that is begun, done or failed, so that the batch can be resumed.

Its writer holds a lock on it; the system releases the lock when the process ends.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from engine.errors import Sentence, TranslatableError, UserError, reason_of
from engine.locking import LockHeld, acquired

NAME = ".acutance-batch.jsonl"


@dataclass(frozen=True)
class Entry:
    """The state of a photo. stamp: size and time of the photo's file.

    photo, output: relative to the folders. output: the path of the result; for a failed photo, the path of an earlier
    batch's result, "" if there is none (any file found there belongs to someone else). method: the id that ran.
    verdict: the value of the result's (see `engine.kernels.trust`), "" if unknown.
    """

    photo: str
    state: Literal["done", "failed", "begun"]
    output: str = ""
    reason: str = ""
    seconds: float = 0.0
    stamp: str = ""
    request: str = ""
    method: str = ""
    verdict: str = ""


class Journal:
    """The journal in the folder of the results. Every line is on the disk before the next photo begins."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def entries(self) -> dict[str, Entry]:
        """Return the last entry of every photo; a line that a crash cut off is ignored."""
        found: dict[str, Entry] = {}
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return found
        except OSError as error:
            raise UserError("The journal {path} cannot be read: {reason}.", path=self.path, reason=error) from error
        for line in lines:
            try:
                entry = _entry(json.loads(line))
            except (ValueError, TypeError, AttributeError, KeyError):
                continue
            found[entry.photo] = entry
        return found

    def add(self, entry: Entry) -> None:
        """Write an entry to the disk; raise UserError if that fails."""
        line = json.dumps(_plain(entry)).encode()  # in ASCII: names need not be UTF-8
        try:
            with self.path.open("ab") as file:
                file.write(b"\n" + line + b"\n")  # the first ends a line that a crash tore
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise UserError(
                "The journal {path} cannot be written: {reason}.", path=self.path, reason=error
            ) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other batches out of the folder; raise UserError if one is running there."""
        with ExitStack() as stack:
            try:
                stack.enter_context(acquired(self.path))
            except LockHeld:
                raise UserError(
                    "Another batch is writing into {folder}; wait for its end, or choose another folder.",
                    folder=self.path.parent,
                ) from None
            except OSError as error:
                raise UserError(
                    "The journal {path} cannot be written: {reason}.", path=self.path, reason=error
                ) from error
            yield


def _plain(entry: Entry) -> dict[str, Any]:
    """Return an entry as plain JSON data; a reason keeps its wording and fields, so that it can be translated."""
    plain = asdict(entry)
    plain["reason"] = str(entry.reason)
    if isinstance(entry.reason, Sentence) and entry.reason.fields:
        plain["said"] = _said(entry.reason)
    return plain


def _entry(plain: dict[str, Any]) -> Entry:
    said = plain.pop("said", None)
    entry = Entry(**plain)
    return entry if said is None else replace(entry, reason=_sentence(said))


def _said(value: object) -> Any:
    if isinstance(value, Sentence):
        return {"wording": value.wording, "fields": {name: _said(field) for name, field in value.fields.items()}}
    if isinstance(value, Exception):
        return _said(value.sentence) if isinstance(value, TranslatableError) else reason_of(value)
    if isinstance(value, tuple):
        return [_said(part) for part in value]
    return value if isinstance(value, int | float | str) else str(value)


def _sentence(said: Any) -> Any:
    if isinstance(said, dict):
        return Sentence(said["wording"], **{name: _sentence(field) for name, field in said["fields"].items()})
    return tuple(map(_sentence, said)) if isinstance(said, list) else said


def stamp(path: Path) -> str:
    """Return size and time of the file, which change with it."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size}-{status.st_mtime_ns}"


def fingerprint(request: dict[str, Any]) -> str:
    """Return a request as one line, the same for the same request."""
    return json.dumps(request, sort_keys=True)
