"""Writes a rolling log file into the user's log folder, and reads it back.

A fault in a library writes to a separate file, which a clean end removes. If that file exists at the start, the
program ended unexpectedly last time.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import re
import sys
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

_log = logging.getLogger(__name__)

_BYTES, _OLDER = 1_000_000, 2
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LINE = re.compile(r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?P<level>[A-Z]+) (?P<source>[\w.\-]+): (?P<text>.*)")


@dataclass(frozen=True)
class Entry:
    """One entry. level: DEBUG, INFO, WARNING, ERROR or CRITICAL. text: may have many lines."""

    time: str
    level: str
    source: str
    text: str

    @property
    def severity(self) -> int:
        """The level as a number, as in `logging`."""
        return logging.getLevelNamesMapping().get(self.level, logging.INFO)

    def __str__(self) -> str:
        return f"{self.time} {self.level} {self.source}: {self.text}"


def log_file(folder: Path) -> Path:
    """Return the current log file; older ones are beside it as .1 and .2."""
    return folder / "acutance.log"


class Log:
    """Logs everything from INFO up into `folder` until it is closed; does nothing if the folder is not writable.

    ended_badly: whether the previous program ended unexpectedly.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handlers: list[logging.Handler] = []
        self._crash: IO[str] | None = None
        self.ended_badly = False
        root = logging.getLogger()
        self._level_before = root.level
        if sys.stderr is not None:  # a windowed program on Windows has no standard error
            shown = logging.StreamHandler()
            shown.setLevel(logging.WARNING)
            shown.setFormatter(logging.Formatter("%(name)s: %(message)s"))
            self._handlers.append(shown)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._handlers.append(_file_handler(log_file(folder)))
        except OSError as error:
            trouble = f"no log is kept in {folder}: {error.strerror}"
        else:
            trouble = ""
        for handler in self._handlers:
            root.addHandler(handler)
        root.setLevel(logging.INFO)
        if trouble:
            _log.warning("%s", trouble)
        else:
            self._watch_for_crashes()

    def _watch_for_crashes(self) -> None:
        path = self._folder / "crash.txt"
        with contextlib.suppress(OSError):
            if path.exists() and path.stat().st_size:
                self.ended_badly = True
                _log.error("the program ended by itself:\n%s", path.read_text(errors="replace").rstrip())
            self._crash = path.open("w", encoding="utf-8")
            faulthandler.enable(self._crash)

    def close(self) -> None:
        """Log a clean end, and stop logging to the file."""
        if self._crash is not None:
            faulthandler.disable()
            self._crash.close()
            with contextlib.suppress(OSError):
                (self._folder / "crash.txt").unlink()
        root = logging.getLogger()
        for handler in self._handlers:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(self._level_before)


def _file_handler(path: Path) -> RotatingFileHandler:
    handler = RotatingFileHandler(path, maxBytes=_BYTES, backupCount=_OLDER, encoding="utf-8", errors="replace")
    handler.setFormatter(logging.Formatter(_FORMAT, "%Y-%m-%d %H:%M:%S"))
    handler.rotator = _roll
    return handler


def _roll(source: str, target: str) -> None:
    """Rename a full log; on Windows a second window may hold it, and then both continue in it."""
    with contextlib.suppress(OSError):
        Path(source).rename(target)


def read_log(folder: Path, most: int = 2000) -> list[Entry]:
    """Return the last `most` entries of the log, the oldest first; raise OSError if it cannot be read.

    A log that was never written is empty.
    """
    text = ""
    for path in (log_file(folder).with_suffix(".log.1"), log_file(folder)):
        with contextlib.suppress(FileNotFoundError):
            text += path.read_text(encoding="utf-8", errors="replace")
    return _entries(text)[-most:]


def _entries(text: str) -> list[Entry]:
    """Split a log into entries; a line that begins no entry belongs to the one before."""
    found: list[tuple[re.Match[str], list[str]]] = []
    for line in text.removesuffix("\n").split("\n"):
        begun = _LINE.fullmatch(line)
        if begun:
            found.append((begun, [begun["text"]]))
        elif found:
            found[-1][1].append(line)
    return [Entry(m["time"], m["level"], m["source"], "\n".join(lines)) for m, lines in found]
