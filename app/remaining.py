"""Estimates the remaining time from the progress, as soon as that is possible. No Qt."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.language import tr

LEAST_SECONDS = 3.0
LEAST_SHARE = 0.05  # share that must be done at the current pace before an estimate


class Remaining:
    """Follows the progress of jobs; each step of a job has its own pace."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._step, self._first, self._last, self._since = "", 0.0, 0.0, 0.0

    @property
    def elapsed(self) -> float:
        """Seconds since the current step began."""
        return self._clock() - self._since

    def seconds(self, share: float, step: str) -> float | None:
        """Return the remaining seconds when `share` in [0, 1] is done, or None if they are not known yet."""
        now = self._clock()
        if step != self._step or share < self._last:
            self._step, self._first, self._since = step, share, now
        self._last = share
        took, done = now - self._since, share - self._first
        if took < LEAST_SECONDS or done < LEAST_SHARE:
            return None
        return (1 - share) * took / done


def duration(seconds: float) -> str:
    """Return a remaining time in words, rounded to a sensible precision."""
    if seconds < 90:
        return tr("{seconds} s").format(seconds=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 90:
        return tr("{minutes} min").format(minutes=minutes)
    return tr("{hours} h {minutes} min").format(hours=minutes // 60, minutes=f"{minutes % 60:02d}")
