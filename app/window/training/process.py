"""Another process of this program, watched from the window. It ends cleanly when its input ends."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil
from PySide6.QtCore import QObject, QTimer, Signal

from engine.program import root

_POLL_MS = 300
_BELOW_NORMAL = 10  # niceness: the window comes first


class Process(QObject):
    """polled: time to read what the process wrote. ended: its exit code, negative after a signal.

    If the window ends for any reason, the pipe to the process closes. The process then saves its state and ends.
    """

    polled = Signal()
    ended = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: subprocess.Popen[bytes] | None = None
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._poll)

    @property
    def running(self) -> bool:
        """Whether it still runs, or its end was not reported yet."""
        return self._process is not None

    def start(self, command: Sequence[str], output: Path, errors: Path) -> None:
        """Start a command; append its output to two files. Raise OSError if it cannot be started."""
        flags = 0
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
        with output.open("ab") as out, errors.open("ab") as err:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=out, stderr=err, creationflags=flags, cwd=root()
            )
        if sys.platform != "win32":
            with contextlib.suppress(psutil.Error):
                psutil.Process(self._process.pid).nice(_BELOW_NORMAL)
        self._timer.start()

    def stop(self) -> None:
        """Ask the process to end by closing its input."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()

    def kill(self) -> None:
        """Kill the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self.let_go()

    def let_go(self) -> None:
        """Stop watching; the process ends by itself."""
        self.stop()
        self._timer.stop()
        self._process = None

    def _poll(self) -> None:
        if self._process is None:
            return
        code = self._process.poll()
        self.polled.emit()
        if code is not None and self._process is not None:
            self.let_go()
            self.ended.emit(code)


def last_words(errors: Path) -> str:
    """Return the last line that a process wrote to its error file, "" if there is none."""
    try:
        lines = errors.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
