"""Catches unexpected errors from slots, threads and Qt."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

_log = logging.getLogger(__name__)
_qt_log = logging.getLogger("qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Catching(QObject):
    """Between `begin` and `end`, sends errors to the log and to `happened`, in the thread that raised them.

    Connect `happened` by a queued connection: a dialog must not open during a paint event.
    """

    happened = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._restore: Callable[[], None] = lambda: None

    def begin(self) -> None:
        """Install the hooks of Python and Qt."""
        before, thread_before = sys.excepthook, threading.excepthook
        qt_before = qInstallMessageHandler(_log_qt)
        sys.excepthook, threading.excepthook = self._raised, self._raised_in_thread

        def restore() -> None:
            sys.excepthook, threading.excepthook = before, thread_before
            qInstallMessageHandler(qt_before)

        self._restore = restore

    def end(self) -> None:
        """Restore the previous hooks."""
        self._restore()
        self._restore = lambda: None

    def _raised(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _log.error("unexpected", exc_info=(kind, error, trace))
        self.happened.emit(error)

    def _raised_in_thread(self, hook: threading.ExceptHookArgs) -> None:
        if hook.exc_value is not None and not issubclass(hook.exc_type, SystemExit):
            self._raised(hook.exc_type, hook.exc_value, hook.exc_traceback)


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
    category = context.category or "default"
    _qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s: %s", category, message)
